//! Delivers messages to the account's server.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use super::{
    PushMode, PushSettings,
    encrypt::{encrypt, sign},
    envelope,
};
use crate::{account::App, app_state::AppState, clock::SECOND, random};

/// How long the server may take to answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);

/// How often WeChat tries to deliver a message.
const TRIES: usize = 3;

/// The number of bytes of an answer that are shown.
const SHOWN: usize = 4096;

/// A fault of a push, on request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Tamper {
    /// Both signatures are wrong.
    Signature,
    /// Another token signs.
    Token,
    /// Another key encrypts.
    Key,
    /// The encrypted message ends with another appid.
    Appid,
}

/// One try of a push.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Delivered {
    /// The HTTP status. It is missing if there was no answer within five seconds.
    pub(crate) status: Option<u16>,
    /// The first 4096 bytes of the answer.
    pub(crate) body: String,
    /// Whether WeChat stops trying: status 200 with an empty body, `success`, or a reply.
    pub(crate) acknowledged: bool,
}

/// Where the account's messages go.
fn address(app: &AppState, account: &App, is_miniprogram: bool) -> Option<Url> {
    let path = if is_miniprogram { "/api/wechat/miniprogram/push" } else { "/api/wechat/push" };
    match &account.push.url {
        Some(url) => Url::parse(url).ok(),
        None => app.addresses.shop.join(path).ok(),
    }
}

/// Pushes a message, up to three times. `None` if the account's URL is not valid.
pub(crate) async fn push(
    app: &AppState,
    account: &App,
    is_miniprogram: bool,
    message: &Map<String, Value>,
    tamper: Option<Tamper>,
) -> Option<Vec<Delivered>> {
    let settings = &account.push;
    let mut url = address(app, account, is_miniprogram)?;
    let (plain, _) = envelope::text(settings.format, message);
    let encrypted = (settings.mode != PushMode::Plain).then(|| {
        let key = if tamper == Some(Tamper::Key) {
            random::alphanumeric(43)
        } else {
            settings.encoding_aes_key.clone()
        };
        let appid = if tamper == Some(Tamper::Appid) { "wx0000000000000000" } else { &account.appid };
        encrypt(&key, plain.as_bytes(), appid)
    });
    let (body, kind) = envelope::body(settings.format, settings.mode, message, encrypted.as_deref());
    sign_query(app, settings, &mut url, encrypted.as_deref(), tamper);
    if let Some(openid) = message.get("FromUserName").and_then(Value::as_str) {
        url.query_pairs_mut().append_pair("openid", openid);
    }
    let mut tries = Vec::new();
    while tries.len() < TRIES {
        let request = app.client.post(url.clone()).header("content-type", kind).body(body.clone());
        let delivered = send(request).await;
        let is_done = delivered.acknowledged;
        tries.push(delivered);
        if is_done {
            break;
        }
    }
    Some(tries)
}

/// Calls the account's URL as the settings page does when the merchant saves it. Returns the try, and whether WeChat
/// accepts the URL: the answer must be `echostr` and nothing else.
pub(crate) async fn check_url(
    app: &AppState,
    account: &App,
    is_miniprogram: bool,
) -> Option<(Delivered, bool)> {
    let mut url = address(app, account, is_miniprogram)?;
    let echostr = random::digits(19);
    sign_query(app, &account.push, &mut url, None, None);
    url.query_pairs_mut().append_pair("echostr", &echostr);
    let delivered = send(app.client.get(url)).await;
    let is_accepted = delivered.status == Some(200) && delivered.body == echostr;
    Some((delivered, is_accepted))
}

fn sign_query(
    app: &AppState,
    settings: &PushSettings,
    url: &mut Url,
    encrypted: Option<&str>,
    tamper: Option<Tamper>,
) {
    let (timestamp, nonce) = ((app.clock.now() / SECOND).to_string(), random::digits(9));
    let token = if tamper == Some(Tamper::Token) { "another" } else { &*settings.token };
    let signed = |texts: &[&str]| {
        let signature = sign(texts);
        if tamper == Some(Tamper::Signature) { signature.chars().rev().collect() } else { signature }
    };
    let mut query = url.query_pairs_mut();
    query
        .append_pair("signature", &signed(&[token, &timestamp, &nonce]))
        .append_pair("timestamp", &timestamp)
        .append_pair("nonce", &nonce);
    if let Some(encrypted) = encrypted {
        query
            .append_pair("encrypt_type", "aes")
            .append_pair("msg_signature", &signed(&[token, &timestamp, &nonce, encrypted]));
    }
}

async fn send(request: reqwest::RequestBuilder) -> Delivered {
    let answer = async {
        let response = request.timeout(ANSWER_TIMEOUT).header("user-agent", "Mozilla/4.0").send().await?;
        Ok::<_, reqwest::Error>((response.status().as_u16(), response.text().await?))
    };
    match answer.await {
        Ok((status, body)) => {
            let acknowledged = status == 200 && is_answer(&body);
            Delivered { status: Some(status), body: body.chars().take(SHOWN).collect(), acknowledged }
        }
        Err(error) => Delivered { status: None, body: error.without_url().to_string(), acknowledged: false },
    }
}

/// Nothing, `success`, a reply in XML, or an encrypted reply.
fn is_answer(body: &str) -> bool {
    let body = body.trim();
    body.is_empty()
        || body == "success"
        || body.starts_with("<xml>")
        || serde_json::from_str::<Value>(body).is_ok_and(|reply| reply.get("Encrypt").is_some())
}
