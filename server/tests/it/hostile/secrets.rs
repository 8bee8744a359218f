//! What nobody finds in the logs, in an error, or in the metrics: looked for after a purchase, a login that was
//! refused and a payment that failed.

use std::{
    io,
    sync::{Arc, Mutex},
};
use test_support::Database;

use serde_json::{Value, json};
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

use super::wire::{get, post};
use crate::{
    app::TestApp,
    shopper::{Shopper, thumb},
};

/// Everything that the shop writes, and what it uses; the simulator's own words are not the shop's.
const FILTER: &str = "debug,simulator=off";

const CLIENTS: &[(&str, &str)] = &[
    ("SHOP_TOKEN_CLIENTS", "erp:erp-key-0123456789"),
    ("SHOP_ADMIN_CLIENTS", "erp:erp-admin-key-0123456789"),
];

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

mod sqlite {
    // one thread, so that all that is written is written here
    #[tokio::test]
    async fn no_secret_is_written_or_told() {
        super::no_secret_is_written_or_told(test_support::Database::sqlite).await;
    }
}

mod postgres {
    #[tokio::test]
    async fn no_secret_is_written_or_told() {
        let (v2, v3) = (test_support::Database::postgres().await, test_support::Database::postgres().await);
        let mut databases = [v2, v3].into_iter();
        super::no_secret_is_written_or_told(|| databases.next().unwrap()).await;
    }
}

async fn no_secret_is_written_or_told(mut database: impl FnMut() -> Database) {
    for api in ["v2", "v3"] {
        let log = Log::default();
        let subscriber = tracing_subscriber::fmt()
            .with_env_filter(EnvFilter::new(FILTER))
            .with_ansi(false)
            .with_writer(log.clone())
            .finish();
        let guard = tracing::subscriber::set_default(subscriber);
        let (secrets, told) = happenings(database(), api).await;
        drop(guard);
        let written = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        for expected in ["payment notification", "a request failed", "a notification is refused"] {
            assert!(written.contains(expected), "{api}: the log is not complete: {expected}\n{written}");
        }
        assert!(secrets.len() > 20, "{secrets:?}");
        for (name, secret) in &secrets {
            assert!(secret.len() > 8, "{name} is not known");
            let line = written.lines().find(|line| line.contains(secret));
            assert!(line.is_none(), "{api}: {name} is written: {line:?}");
            let answer = told.iter().find(|answer| answer.contains(secret));
            assert!(answer.is_none(), "{api}: {name} is told: {answer:?}");
        }
    }
}

/// All of it, with the secrets that were in use and what was answered to those who may not know them.
async fn happenings(database: Database, api: &str) -> (Vec<(String, String)>, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("wechat.json");
    let variables = [CLIENTS, &[("WECHAT_PAY_API", api)]].concat();
    let app = TestApp::start_beside(database, &variables, Some(state.clone())).await;
    let mut told = Vec::new();
    // a purchase
    let mut shopper = app.shopper().await;
    let jssdk = shopper.get(&format!("/api/wechat/jssdk?url={}/", app.url)).await;
    told.push(jssdk.text().await.unwrap());
    let (order, number) = shopper.about_to_pay("mug-celadon-300", 1).await;
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    told.push(shopper.get(&format!("/orders/{order}")).await.text().await.unwrap());
    let mini = mini_program(&app).await;
    // a login that is refused
    told.extend(refused_login(&app).await);
    // payments that fail
    let words = if api == "v2" { "unifiedorder" } else { "v3/pay/transactions/jsapi" };
    for kind in [
        json!({ "kind": "error", "code": "NOAUTH", "message": "x" }),
        json!({ "kind": "wrong_signature" }),
        json!({ "kind": "hang_up_after" }),
    ] {
        let mut fault = kind;
        fault["endpoint"] = words.into();
        fault["times"] = 4.into();
        app.control("faults", fault).await;
        let failing = shopper.order("test-sticker-1", 1).await;
        let (status, text) = shopper.call("pay", &format!("order {failing}\n")).await;
        assert!(status >= 500, "{status} {text}");
        told.push(text);
        let page = shopper.post(&format!("/orders/{failing}/pay"), &[]).await;
        assert!(page.status().as_u16() >= 500 || page.status().as_u16() == 303);
        told.push(page.text().await.unwrap());
        app.control("faults", json!({})).await;
    }
    told.extend(refusals(&app, &shopper).await);
    let token = get("/api/wechat/token").with("authorization: Bearer erp-key-0123456789");
    assert_eq!(token.send(&app.url).await.status, 200);
    told.push(app.http.get(format!("{}/metrics", app.url)).send().await.unwrap().text().await.unwrap());
    let mut secrets = secrets(&app, &shopper, &mini).await;
    app.stop().await;
    let kept: Value = serde_json::from_slice(&std::fs::read(state).unwrap()).unwrap();
    collect("", &kept, &mut secrets);
    (secrets, told)
}

/// A mini program's shopper, by her token.
async fn mini_program(app: &TestApp) -> String {
    let given = app.control("miniprogram", json!({})).await;
    let login = app.http.post(format!("{}/api/miniprogram/login", app.url));
    let login: Value =
        login.json(&json!({ "code": given["code"] })).send().await.unwrap().json().await.unwrap();
    login["data"]["token"].as_str().unwrap().to_owned()
}

async fn refused_login(app: &TestApp) -> Vec<String> {
    let mut stranger = app.stranger().await;
    let back = stranger.authorized(app, "/api/wechat/redirect?callback=%2F").await;
    let wrong = back.replace("code=", "code=wrong");
    let page = stranger.get(&wrong).await;
    assert_eq!(page.status(), 400);
    let mut told = vec![page.text().await.unwrap()];
    // WeChat is not itself: the address that fails has the account's secret in it
    for kind in ["http_500", "truncated_body", "hang_up_after"] {
        app.control("faults", json!({ "endpoint": "access_token", "kind": kind, "times": 4 })).await;
        let mut other = app.stranger().await;
        let back = other.authorized(app, "/api/wechat/redirect?callback=%2F").await;
        let page = other.get(&back).await;
        assert_ne!(page.status(), 302, "{kind}");
        told.push(page.text().await.unwrap());
        app.control("faults", json!({})).await;
    }
    told
}

/// Errors of every kind that somebody may ask for.
async fn refusals(app: &TestApp, shopper: &Shopper) -> Vec<String> {
    let cookie = format!("cookie: session={}0", shopper.cookies["session"]);
    let requests = [
        post(super::CALLBACK).body("<xml><return_code>SUCCESS</return_code></xml>"),
        post(super::CALLBACK).json("{}"),
        post(super::REFUND_CALLBACK)
            .body("<xml><return_code>SUCCESS</return_code><req_info>AA</req_info></xml>"),
        get("/api/wechat/getUserInfo").with(cookie),
        get("/api/wechat/token").with("authorization: Bearer erp-key-012345678"),
        post("/api/admin/orders/1/refunds").with("authorization: Bearer erp-admin-key-012345678").json("{}"),
        post("/api/miniprogram/pay").with("authorization: Bearer x").json("{}"),
        post("/api/miniprogram/login").json(r#"{"code":"wrong"}"#),
        get("/no-such-page"),
    ];
    let mut told = Vec::new();
    for request in requests {
        let answer = request.send(&app.url).await;
        told.push(format!("{}\n{}", answer.head, answer.body));
    }
    told
}

/// What the shop was configured with and what it gave out.
async fn secrets(app: &TestApp, shopper: &Shopper, mini: &str) -> Vec<(String, String)> {
    let account = app.account().await;
    let names = ["secret", "miniprogram_secret", "api_v2_key", "api_v3_key"];
    let mut secrets: Vec<(String, String)> =
        names.into_iter().map(|name| (name.to_owned(), account[name].as_str().unwrap().to_owned())).collect();
    let mut add = |name: &str, secret: &str| secrets.push((name.to_owned(), secret.to_owned()));
    let pem = account["merchant_private_key_pem"].as_str().unwrap();
    for line in pem.lines().filter(|line| !line.starts_with("---")) {
        add("the merchant's private key", line);
    }
    add("the sessions' key", "test-key-0123456789");
    add("a program's key", "erp-key-0123456789");
    add("the merchant's own program's key", "erp-admin-key-0123456789");
    add("a session", &shopper.cookies["session"]);
    add("a mini program's token", mini);
    secrets
}

/// Every token, ticket and session key that WeChat gave out.
fn collect(name: &str, value: &Value, secrets: &mut Vec<(String, String)>) {
    const NAMES: [&str; 5] = ["access_token", "refresh_token", "ticket", "session_key", "web_token"];
    match value {
        Value::String(text) if NAMES.contains(&name) => secrets.push((name.to_owned(), text.clone())),
        Value::Array(values) => values.iter().for_each(|value| collect(name, value, secrets)),
        Value::Object(fields) => fields.iter().for_each(|(name, value)| collect(name, value, secrets)),
        _ => {}
    }
}
