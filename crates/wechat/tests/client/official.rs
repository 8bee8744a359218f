//! Tests of the web login, the access tokens and the tickets.

use std::{sync::Arc, time::Duration};

use axum::response::Response;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use wechat::{
    ErrorKind, Official, Secret, TokenMode,
    official::{Lease, MemoryTokenStore, StoreError, StoreFuture, StoredToken, TokenName, TokenStore},
    wire::jssdk,
};

use crate::fake_wechat::{
    FakeWechat, RecordedRequest, closed_address, endpoints, http, http_with_a_short_timeout, silent, status,
    text,
};

const SECRET: &str = "app-secret-0123456789abcdef";

fn official(url: &str, mode: TokenMode) -> Official {
    Official::new(http(), endpoints(url), "wxd930ea5d5a258f4f", Secret::new(SECRET), mode)
}

/// The same client for tests of time-outs.
fn official_with_a_short_timeout(url: &str, mode: TokenMode) -> Official {
    Official::new(
        http_with_a_short_timeout(),
        endpoints(url),
        "wxd930ea5d5a258f4f",
        Secret::new(SECRET),
        mode,
    )
}

fn json(value: Value) -> Response {
    text(value.to_string())
}

fn refusal(code: i64, message: &str) -> Response {
    json(json!({"errcode": code, "errmsg": message}))
}

/// A server that gives the same response to every request.
async fn server_with_response(body: impl Into<String>) -> FakeWechat {
    let body = body.into();
    FakeWechat::start(move |_, _| {
        let body = body.clone();
        async move { text(body) }
    })
    .await
}

fn web_token() -> Value {
    json!({
        "access_token": "web-token", "expires_in": 7200, "refresh_token": "web-refresh", "openid": "oUpF8uMuAJO",
        "scope": "snsapi_base",
    })
}

/// The responses of a server with the tokens `token-0`, `token-1`, … and one ticket.
fn tokens(number: usize, recorded: &RecordedRequest) -> Response {
    match recorded.path.as_str() {
        "/cgi-bin/stable_token" | "/cgi-bin/token" => {
            json(json!({"access_token": format!("token-{number}"), "expires_in": 7200}))
        }
        "/cgi-bin/ticket/getticket" => {
            json(json!({"errcode": 0, "errmsg": "ok", "ticket": "the-ticket", "expires_in": 7200}))
        }
        _ => status(404),
    }
}

#[tokio::test]
async fn a_code_is_exchanged_for_an_openid() {
    let wechat = server_with_response(web_token().to_string()).await;
    let token = official(&wechat.url, TokenMode::Stable).web_token("the code&=").await.unwrap();
    assert_eq!((&*token.openid, token.expires_in, &*token.scope), ("oUpF8uMuAJO", 7200, "snsapi_base"));
    assert_eq!((token.unionid, token.is_snapshotuser), (None, false));
    let recorded = &wechat.requests()[0];
    assert_eq!(recorded.path, "/sns/oauth2/access_token");
    assert_eq!(
        recorded.query,
        format!("appid=wxd930ea5d5a258f4f&secret={SECRET}&code=the+code%26%3D&grant_type=authorization_code")
    );
}

#[tokio::test]
async fn trap_26_a_snapshot_user_is_recognized() {
    let mut reply = web_token();
    reply["is_snapshotuser"] = 1.into();
    reply["unionid"] = "o6_bmasdasdsad6_2sgVt7hMZOPfL".into();
    let wechat = server_with_response(reply.to_string()).await;
    let token = official(&wechat.url, TokenMode::Stable).web_token("c").await.unwrap();
    assert!(token.is_snapshotuser);
    assert_eq!(token.unionid.as_deref(), Some("o6_bmasdasdsad6_2sgVt7hMZOPfL"));
}

#[tokio::test]
async fn trap_24_a_used_code_and_a_wrong_code_are_different_errors() {
    let wechat = server_with_response(
        r#"{"errcode":40163,"errmsg":"code been used, rid: 5f3c1b2a-0a1b2c3d-1a2b3c4d"}"#,
    )
    .await;
    let error = official(&wechat.url, TokenMode::Stable).web_token("c").await.unwrap_err();
    assert!(error.is_code_used() && !error.is_invalid_code() && !error.is_retryable());
    assert_eq!(error.request_id(), Some("5f3c1b2a-0a1b2c3d-1a2b3c4d"));
    for code in [40029, 42003] {
        let wechat =
            server_with_response(json!({"errcode": code, "errmsg": "invalid code"}).to_string()).await;
        let error = official(&wechat.url, TokenMode::Stable).web_token("c").await.unwrap_err();
        assert!(error.is_invalid_code() && !error.is_code_used());
    }
}

#[tokio::test]
async fn trap_24_a_code_is_not_sent_a_second_time() {
    let busy = FakeWechat::start(|_, _| async { status(502) }).await;
    let error = official(&busy.url, TokenMode::Stable).web_token("c").await.unwrap_err();
    assert_eq!((error.is_timeout(), busy.requests().len()), (false, 1));

    let silent = silent().await;
    let error =
        official_with_a_short_timeout(&silent.url, TokenMode::Stable).web_token("c").await.unwrap_err();
    assert_eq!((error.is_timeout(), silent.requests().len()), (true, 1));
}

#[tokio::test]
async fn name_and_picture_are_requested_with_the_web_token() {
    let wechat = FakeWechat::start(|_, recorded| async move {
        match recorded.path.as_str() {
            "/sns/oauth2/access_token" => json(web_token()),
            _ => json(
                json!({"openid": "oUpF8uMuAJO", "nickname": "小明", "headimgurl": "https://h/132", "sex": 0,
                "privilege": [], "country": ""}),
            ),
        }
    })
    .await;
    let official = official(&wechat.url, TokenMode::Stable);
    let token = official.web_token("c").await.unwrap();
    let user = official.user_info(&token).await.unwrap();
    assert_eq!((&*user.nickname, &*user.headimgurl, user.unionid), ("小明", "https://h/132", None));
    assert_eq!(wechat.requests()[1].query, "access_token=web-token&openid=oUpF8uMuAJO&lang=zh_CN");
}

#[tokio::test]
async fn a_profile_with_any_text_is_read() {
    for (answer, nickname) in [
        (&b"{\"openid\":\"oUpF8uMuAJO\",\"nickname\":\"x\x01y\",\"headimgurl\":\"https://h/1\"}"[..], "x\u{fffd}y"),
        (b"{\"openid\":\"oUpF8uMuAJO\",\"nickname\":\"\xe5\xb0\",\"headimgurl\":\"https://h/1\"}", "\u{fffd}"),
        (b"{\"openid\":\"oUpF8uMuAJO\",\"nickname\":\"\\ud83c\",\"headimgurl\":\"https://h/1\"}", "\u{fffd}"),
        (b"{\"openid\":\"oUpF8uMuAJO\",\"nickname\":\"x\",\"headimgurl\":null,\"unionid\":null}", "x"),
        (b"{\"openid\":\"oUpF8uMuAJO\",\"nickname\":null,\"headimgurl\":\"https://h/1\",\"privilege\":[\"\x02\"]}", ""),
    ] {
        let wechat = FakeWechat::start(move |number, _| async move {
            if number == 0 { json(web_token()) } else { Response::new(answer.into()) }
        })
        .await;
        let official = official(&wechat.url, TokenMode::Stable);
        let token = official.web_token("c").await.unwrap();
        let user = official.user_info(&token).await.unwrap_or_else(|error| panic!("{answer:?}: {error}"));
        assert_eq!((&*user.openid, &*user.nickname), ("oUpF8uMuAJO", nickname));
    }
    // a token cannot contain such characters
    let token = web_token().to_string().replace("web-token", "\\ud83c");
    let wechat = FakeWechat::start(move |_, _| std::future::ready(Response::new(token.clone().into()))).await;
    assert!(official(&wechat.url, TokenMode::Stable).web_token("c").await.is_err());
}

#[tokio::test]
async fn the_stable_token_is_requested_without_force() {
    let wechat = FakeWechat::start(|number, recorded| async move { tokens(number, &recorded) }).await;
    let token = official(&wechat.url, TokenMode::default()).access_token().await.unwrap();
    assert_eq!(token.expose(), "token-0");
    let recorded = &wechat.requests()[0];
    assert_eq!((&*recorded.path, &*recorded.query), ("/cgi-bin/stable_token", ""));
    let body: Value = serde_json::from_slice(&recorded.body).unwrap();
    assert_eq!(
        body,
        json!({"grant_type": "client_credential", "appid": "wxd930ea5d5a258f4f", "secret": SECRET,
            "force_refresh": false})
    );
}

#[tokio::test]
async fn the_classic_token_is_requested_if_configured() {
    let wechat = FakeWechat::start(|number, recorded| async move { tokens(number, &recorded) }).await;
    official(&wechat.url, TokenMode::Classic).access_token().await.unwrap();
    let recorded = &wechat.requests()[0];
    assert_eq!(recorded.path, "/cgi-bin/token");
    assert_eq!(
        recorded.query,
        format!("grant_type=client_credential&appid=wxd930ea5d5a258f4f&secret={SECRET}")
    );
}

#[tokio::test]
async fn trap_20_sixty_four_callers_cause_one_refresh() {
    let wechat = FakeWechat::start(|number, recorded| async move {
        tokio::time::sleep(Duration::from_millis(50)).await;
        tokens(number, &recorded)
    })
    .await;
    let official = official(&wechat.url, TokenMode::Stable);
    let mut callers = JoinSet::new();
    for _ in 0..64 {
        let official = official.clone();
        callers.spawn(async move { official.js_config("https://h/", "n", 1).await.unwrap() });
    }
    let configs = callers.join_all().await;
    assert_eq!(configs.len(), 64);
    assert_eq!((wechat.count("/cgi-bin/stable_token"), wechat.count("/cgi-bin/ticket/getticket")), (1, 1));
}

#[tokio::test]
async fn trap_22_a_ticket_is_not_fetched_for_each_page() {
    let wechat = FakeWechat::start(|number, recorded| async move { tokens(number, &recorded) }).await;
    let official = official(&wechat.url, TokenMode::Stable);
    for page in 0..5 {
        let url = format!("https://shop.example.com/p/{page}?from=singlemessage#top");
        let config = official.js_config(&url, "Wm3WZYTPz0wzccnW", 1_414_587_457).await.unwrap();
        assert_eq!(config.app_id, "wxd930ea5d5a258f4f");
        assert_eq!(config.signature, jssdk::signature("the-ticket", "Wm3WZYTPz0wzccnW", 1_414_587_457, &url));
    }
    assert_eq!(wechat.requests().len(), 2);
    assert_eq!(wechat.requests()[1].query, "access_token=token-0&type=jsapi");
}

#[tokio::test]
async fn a_token_rejected_by_the_ticket_call_is_refreshed_once_and_the_call_retried() {
    for code in [40001, 40014, 42001] {
        let wechat = FakeWechat::start(move |number, recorded| async move {
            if recorded.query.contains("token-0") {
                refusal(code, "access_token expired")
            } else {
                tokens(number, &recorded)
            }
        })
        .await;
        let official = official(&wechat.url, TokenMode::Stable);
        assert_eq!(official.jsapi_ticket().await.unwrap().expose(), "the-ticket");
        assert_eq!(official.access_token().await.unwrap().expose(), "token-2");
        assert_eq!(wechat.requests().len(), 4);
        assert!(
            !forced(&wechat),
            "the call without force returned a new token, so the client did not force a refresh"
        );
    }
}

#[tokio::test]
async fn a_refresh_is_forced_only_if_wechat_returns_the_rejected_token_again() {
    let wechat = FakeWechat::start(move |number, recorded| async move {
        let body: Value = serde_json::from_slice(&recorded.body).unwrap_or_default();
        match recorded.path.as_str() {
            "/cgi-bin/stable_token" if body["force_refresh"] == true => {
                json(json!({"access_token": "forced", "expires_in": 7200}))
            }
            "/cgi-bin/stable_token" => json(json!({"access_token": "leaked", "expires_in": 7200})),
            _ if recorded.query.contains("leaked") => refusal(40001, "invalid credential"),
            _ => tokens(number, &recorded),
        }
    })
    .await;
    let official = official(&wechat.url, TokenMode::Stable);
    official.jsapi_ticket().await.unwrap();
    assert_eq!(official.access_token().await.unwrap().expose(), "forced");
    assert_eq!((wechat.count("/cgi-bin/stable_token"), wechat.count("/cgi-bin/ticket/getticket")), (3, 2));
    assert!(forced(&wechat));
}

#[tokio::test]
async fn a_token_that_is_always_rejected_is_not_refreshed_without_end() {
    let wechat = FakeWechat::start(move |number, recorded| async move {
        if recorded.path.ends_with("getticket") {
            refusal(40001, "invalid credential")
        } else {
            tokens(number, &recorded)
        }
    })
    .await;
    let official = official(&wechat.url, TokenMode::Stable);
    for _ in 0..10 {
        assert!(official.jsapi_ticket().await.unwrap_err().is_token_invalid());
    }
    assert_eq!((wechat.count("/cgi-bin/stable_token"), wechat.count("/cgi-bin/ticket/getticket")), (2, 2));
}

fn forced(wechat: &FakeWechat) -> bool {
    wechat
        .requests()
        .iter()
        .any(|recorded| String::from_utf8_lossy(&recorded.body).contains("\"force_refresh\":true"))
}

#[tokio::test]
async fn trap_23_a_failing_refresh_is_shared_and_not_repeated_at_once() {
    let wechat = server_with_response(
        r#"{"errcode":40164,"errmsg":"invalid ip 1.2.3.4, not in whitelist rid: 1-2-3"}"#,
    )
    .await;
    let official = official(&wechat.url, TokenMode::Stable);
    let mut callers = JoinSet::new();
    for _ in 0..64 {
        let official = official.clone();
        callers.spawn(async move { official.access_token().await.unwrap_err() });
    }
    for error in callers.join_all().await {
        assert_eq!(error.code(), Some("40164"));
        assert!(error.to_string().contains("whitelist"), "{error}");
    }
    assert_eq!(official.access_token().await.unwrap_err().code(), Some("40164"));
    assert_eq!(wechat.requests().len(), 1);
}

#[tokio::test]
async fn a_token_call_is_retried_once_if_wechat_is_busy() {
    let wechat = FakeWechat::start(|number, recorded| async move {
        if number == 0 { refusal(-1, "system error") } else { tokens(number, &recorded) }
    })
    .await;
    official(&wechat.url, TokenMode::Stable).access_token().await.unwrap();
    assert_eq!(wechat.requests().len(), 2);
}

#[tokio::test]
async fn a_response_that_differs_from_the_documentation_is_malformed() {
    for body in [
        "",
        "<html>",
        "[]",
        "{}",
        r#"{"access_token":"","expires_in":7200}"#,
        r#"{"access_token":"t","expires_in":0}"#,
        r#"{"access_token":"t","expires_in":-1}"#,
    ] {
        let wechat = server_with_response(body).await;
        let error = official(&wechat.url, TokenMode::Stable).access_token().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{body}: {error}");
    }
}

#[tokio::test]
async fn no_secret_is_in_a_text() {
    let mut texts = Vec::new();
    let mut keep = |error: wechat::Error| {
        texts.push(format!("{error} {error:?} {error:#?}"));
    };
    let silent = silent().await;
    for url in [
        closed_address().await,
        silent.url.clone(),
        server_with_response("x").await.url,
        FakeWechat::start(|_, _| async { status(500) }).await.url,
    ] {
        for mode in [TokenMode::Stable, TokenMode::Classic] {
            keep(official_with_a_short_timeout(&url, mode).access_token().await.unwrap_err());
        }
        keep(official_with_a_short_timeout(&url, TokenMode::Stable).web_token("the-code").await.unwrap_err());
    }
    // the error of serde_json quotes the wrong value
    let wrong = server_with_response(
        r#"{"access_token":"token-0","expires_in":"token-0","openid":7,"errmsg":"","errcode":0}"#,
    )
    .await;
    keep(official(&wrong.url, TokenMode::Stable).access_token().await.unwrap_err());
    let tokens = server_with_response(web_token().to_string()).await;
    let official = official(&tokens.url, TokenMode::Stable);
    let web_token = official.web_token("c").await.unwrap();
    texts.push(format!("{official:?} {web_token:?} {:?}", official.access_token().await.unwrap()));
    for text in texts {
        for secret in [SECRET, "the-code", "token-0", "web-token", "web-refresh"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

#[tokio::test]
async fn trap_20_a_report_of_a_token_that_is_not_the_current_one_refreshes_nothing() {
    let wechat = FakeWechat::start(|number, recorded| async move { tokens(number, &recorded) }).await;
    let official = official(&wechat.url, TokenMode::Stable);
    let first = official.access_token().await.unwrap();
    assert_eq!(official.report_invalid(&Secret::new("never ours")).await.unwrap(), first);
    assert_eq!(wechat.requests().len(), 1);
    let mut callers = JoinSet::new();
    for _ in 0..64 {
        let (official, first) = (official.clone(), first.clone());
        callers.spawn(async move { official.report_invalid(&first).await.unwrap() });
    }
    assert!(callers.join_all().await.iter().all(|token| token.expose() == "token-1"));
    assert_eq!(
        official.report_invalid(&first).await.unwrap().expose(),
        "token-1",
        "a report of an older token"
    );
    assert_eq!(wechat.requests().len(), 2);
    let (token, lifetime) = official.access_token_with_lifetime().await.unwrap();
    assert_eq!(token.expose(), "token-1");
    assert!(lifetime <= Duration::from_secs(7200) && lifetime > Duration::from_secs(7100));
}

#[tokio::test]
async fn trap_20_two_processes_with_one_store_share_one_token() {
    let wechat = FakeWechat::start(|number, recorded| async move { tokens(number, &recorded) }).await;
    let store = Arc::new(MemoryTokenStore::new());
    let process = || {
        Official::with_store(
            http(),
            endpoints(&wechat.url),
            "wxd930ea5d5a258f4f",
            Secret::new(SECRET),
            TokenMode::Stable,
            Arc::clone(&store) as Arc<dyn TokenStore>,
        )
    };
    let (one, other) = (process(), process());
    let (a, b) = tokio::join!(one.jsapi_ticket(), other.jsapi_ticket());
    assert_eq!(a.unwrap(), b.unwrap());
    assert_eq!((wechat.count("/cgi-bin/stable_token"), wechat.count("/cgi-bin/ticket/getticket")), (1, 1));
}

/// A store that always fails.
struct Down;

impl TokenStore for Down {
    fn load<'a>(&'a self, _: &'a TokenName) -> StoreFuture<'a, Option<StoredToken>> {
        down()
    }
    fn version<'a>(&'a self, _: &'a TokenName) -> StoreFuture<'a, i64> {
        down()
    }
    fn lease<'a>(&'a self, _: &'a TokenName, _: Duration) -> StoreFuture<'a, Option<Lease>> {
        down()
    }
    fn release<'a>(&'a self, _: &'a TokenName, _: Lease) -> StoreFuture<'a, ()> {
        down()
    }
    fn publish<'a>(&'a self, _: &'a TokenName, _: i64, _: &'a Secret, _: Duration) -> StoreFuture<'a, bool> {
        down()
    }
    fn count_forced<'a>(&'a self, _: &'a TokenName, _: Duration, _: u32) -> StoreFuture<'a, bool> {
        down()
    }
}

fn down<'a, T: Send + 'a>() -> StoreFuture<'a, T> {
    Box::pin(async { Err(StoreError::new("the database is locked")) })
}

#[tokio::test]
async fn a_store_error_is_reported_and_wechat_is_not_called() {
    let wechat = FakeWechat::start(|number, recorded| async move { tokens(number, &recorded) }).await;
    let official = Official::with_store(
        http(),
        endpoints(&wechat.url),
        "wxd930ea5d5a258f4f",
        Secret::new(SECRET),
        TokenMode::Stable,
        Arc::new(Down),
    );
    let error = official.access_token().await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Store, true));
    assert!(error.to_string().contains("database is locked"), "{error}");
    assert!(wechat.requests().is_empty());
}
