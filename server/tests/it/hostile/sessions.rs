//! Sessions, tokens and origins that are not what they say.

use serde_json::{Value, json};
use test_support::Database;

use super::{
    Case, nothing_changes,
    wire::{Request, get, post},
};
use crate::{app::TestApp, on_both};

on_both!(
    an_invalid_session_belongs_to_no_shopper,
    a_request_from_elsewhere_changes_nothing,
    a_cookie_is_not_accepted_as_a_key
);

async fn mini_token(app: &TestApp) -> String {
    let code = app.control("miniprogram", json!({})).await["code"].clone();
    let login = app.http.post(format!("{}/api/miniprogram/login", app.url)).json(&json!({ "code": code }));
    let answer: Value = login.send().await.unwrap().json().await.unwrap();
    answer["data"]["token"].as_str().unwrap().to_owned()
}

async fn an_invalid_session_belongs_to_no_shopper(database: Database) {
    let app = TestApp::start(database).await;
    let shopper = app.shopper().await;
    let openid = shopper.openid.clone();
    let session = shopper.cookies["session"].clone();
    let other = app.shopper().await.openid;
    let login = {
        let mut stranger = app.stranger().await;
        stranger.get("/api/wechat/redirect?callback=%2F").await;
        stranger.cookies["login"].clone()
    };
    let mini = mini_token(&app).await;
    let (text, signature) = session.rsplit_once('.').unwrap();
    let since = text.rsplit_once('.').unwrap().1;
    let with = |cookie: String| get("/api/wechat/getUserInfo").with(format!("cookie: {cookie}"));
    let holding = |value: &str| with(format!("session={value}"));
    let cases: Vec<Case> = vec![
        ("none", get("/api/wechat/getUserInfo"), 401),
        ("empty", holding(""), 401),
        ("a dot", holding("."), 401),
        ("cut short", holding(&session[..session.len() - 1]), 401),
        ("a digit longer", holding(&format!("{session}0")), 401),
        ("without a signature", holding(text), 401),
        ("with an empty signature", holding(&format!("{text}.")), 401),
        ("with a signature of zeros", holding(&format!("{text}.{}", "0".repeat(64))), 401),
        ("with its signature in capitals", holding(&format!("{text}.{}", signature.to_uppercase())), 401),
        ("of somebody else under this signature", holding(&format!("{other}.{since}.{signature}")), 401),
        ("of a later time under this signature", holding(&format!("{openid}.9{since}.{signature}")), 401),
        ("the login's cookie", holding(&login), 401),
        ("the mini program's token", holding(&mini), 401),
        ("in quotes", holding(&format!("\"{session}\"")), 401),
        ("encoded", holding(&session.replace('.', "%2e")), 401),
        ("under another name", with(format!("Session={session}")), 401),
        ("in the readable cookie", with(format!("openId={session}")), 401),
        ("the readable cookie alone", with(format!("openId={openid}")), 401),
        ("of 60 kB", holding(&"a".repeat(60_000)), 401),
        ("in another header", get("/api/wechat/getUserInfo").with(format!("x-session: {session}")), 401),
        ("as a key", get("/api/wechat/getUserInfo").with(format!("authorization: Bearer {session}")), 401),
        ("in the question", get(&format!("/api/wechat/getUserInfo?session={session}")), 401),
        // a true one beside a false one: whoever has it is who they are
        ("two, the second one true", with(format!("session=forged.1.00; session={session}")), 200),
        ("itself", holding(&session), 200),
    ];
    nothing_changes(&app, cases).await;
    app.clock.advance(31 * 86_400);
    nothing_changes(&app, vec![("a month later", holding(&session), 401)]).await;
    app.stop().await;
}

async fn a_request_from_elsewhere_changes_nothing(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let order = shopper.order("test-sticker-1", 1).await;
    let cookie = format!("cookie: session={}", shopper.cookies["session"]);
    let own = app.url.clone();
    let port = own.rsplit_once(':').unwrap().1.to_owned();
    let place = || post("/orders").with(cookie.clone()).form("sku=mug-celadon-300&quantity=1");
    let from = |origin: &str| place().with(format!("origin: {origin}"));
    let cancel = format!("/orders/{order}/cancel");
    let cases: Vec<Case> = vec![
        ("from nowhere", place(), 403),
        ("from another site", from("https://evil.test"), 403),
        ("from a page without an origin", from("null"), 403),
        ("from an empty origin", from(""), 403),
        ("from this host's other port", from("http://127.0.0.1"), 403),
        ("over another scheme", from(&own.replace("http:", "https:")), 403),
        ("by another name", from(&format!("http://localhost:{port}")), 403),
        ("in capitals", from(&own.to_uppercase()), 403),
        ("with a slash", from(&format!("{own}/")), 403),
        ("with a user", from(&own.replace("//", "//evil.test@")), 403),
        ("with this site's name before it", from(&format!("{own}.evil.test")), 403),
        ("from two origins in one", from(&format!("{own} https://evil.test")), 403),
        ("from two origins, the other first", from("https://evil.test").with(format!("origin: {own}")), 403),
        ("with this site's address as the referrer", place().with(format!("referer: {own}/")), 403),
        ("says it is of the same site", from("https://evil.test").with("sec-fetch-site: same-origin"), 403),
        (
            "with a host of its own",
            from("http://evil.test").with("host: evil.test").with("x-forwarded-host: evil.test"),
            403,
        ),
        ("a tap on somebody's way", post(&cancel).with(cookie.clone()).form(""), 403),
        (
            "a payment on somebody's way",
            post(&format!("/orders/{order}/pay")).with(cookie.clone()).form(""),
            403,
        ),
        ("a top-up", post("/api/wechat/pay/payWallet").with(cookie.clone()).form("money=100"), 403),
        (
            "a server function",
            post("/api/fn/pay").with(cookie.clone()).with("origin: https://evil.test").body("order 1\n"),
            403,
        ),
    ];
    nothing_changes(&app, cases).await;
    app.stop().await;
}

async fn a_cookie_is_not_accepted_as_a_key(database: Database) {
    let clients = [
        ("SHOP_TOKEN_CLIENTS", "erp:erp-key-0123456789"),
        ("SHOP_ADMIN_CLIENTS", "erp:erp-admin-key-0123456789"),
    ];
    let app = TestApp::start_with(database, &clients).await;
    let mut shopper = app.shopper().await;
    let order = shopper.order("test-sticker-1", 1).await;
    let session = shopper.cookies["session"].clone();
    let mini = mini_token(&app).await;
    let origin = format!("origin: {}", app.url);
    let cookie = |request: Request| request.with(origin.clone()).with(format!("cookie: session={session}"));
    let key = |request: Request, key: &str| request.with(format!("authorization: {key}"));
    let (token, refresh) = ("/api/wechat/token", "/api/wechat/token/refresh");
    let refunds = format!("/api/admin/orders/{order}/refunds");
    let seen = format!("/api/admin/orders/{order}");
    let items = r#"{"items":[{"sku":"mug-celadon-300","quantity":1}]}"#;
    let cases: Vec<Case> = vec![
        ("the token", cookie(get(token)), 401),
        ("a refresh", cookie(post(refresh)).json(r#"{"access_token":"1"}"#), 401),
        ("an order as the merchant sees it", cookie(get(&seen)), 401),
        ("a refund", cookie(post(&refunds)).json(r#"{"reason":"x"}"#), 401),
        ("the mini program's payment", cookie(post("/api/miniprogram/pay")).json(items), 401),
        ("the token with a session", key(get(token), &format!("Bearer {session}")), 401),
        ("the token with the merchant's key", key(get(token), "Bearer erp-admin-key-0123456789"), 401),
        ("the token with the mini program's", key(get(token), &format!("Bearer {mini}")), 401),
        ("the token in the question", get("/api/wechat/token?key=erp-key-0123456789"), 401),
        ("the token with a password", key(get(token), "Basic ZXJwOmVycC1rZXktMDEyMzQ1Njc4OQ=="), 401),
        ("the token without Bearer", key(get(token), "erp-key-0123456789"), 401),
        ("the token with bearer", key(get(token), "bearer erp-key-0123456789"), 401),
        ("the token with two blanks", key(get(token), "Bearer  erp-key-0123456789"), 401),
        ("the token with name and key", key(get(token), "Bearer erp:erp-key-0123456789"), 401),
        ("the token with an empty key", key(get(token), "Bearer "), 401),
        ("the token with the key in capitals", key(get(token), "Bearer ERP-KEY-0123456789"), 401),
        ("the token with a key of 60 kB", key(get(token), &format!("Bearer {}", "a".repeat(60_000))), 401),
        (
            "a wrong key before the right one",
            key(key(get(token), "Bearer x"), "Bearer erp-key-0123456789"),
            401,
        ),
        ("a refund with the token's key", key(post(&refunds), "Bearer erp-key-0123456789").json("{}"), 401),
        ("a refund without a key", post(&refunds).json(r#"{"reason":"x"}"#), 401),
        (
            "a payment with a session",
            key(post("/api/miniprogram/pay"), &format!("Bearer {session}")).json(items),
            401,
        ),
        (
            "a payment with half a token",
            key(post("/api/miniprogram/pay"), &format!("Bearer {}", &mini[1..])).json(items),
            401,
        ),
        (
            "a payment with the token in a cookie",
            post("/api/miniprogram/pay").with(format!("cookie: token={mini}")).json(items),
            401,
        ),
    ];
    nothing_changes(&app, cases).await;
    app.stop().await;
}
