//! Fields that no form of this shop has, and values that none of its fields takes.

use super::{
    Case, nothing_changes,
    wire::{Request, get, post},
};
use crate::{app::TestApp, on_both};
use test_support::Database;

on_both!(
    an_order_of_nonsense_is_not_placed,
    a_top_up_of_nonsense_is_not_made,
    nonsense_from_programs_is_refused
);

async fn an_order_of_nonsense_is_not_placed(database: Database) {
    let app = TestApp::start(database).await;
    let origin = format!("origin: {}", app.url);
    let cookie = format!("cookie: session={}", app.shopper().await.cookies["session"]);
    let own = |request: Request| request.with(origin.clone()).with(cookie.clone());
    let place = |form: &str| own(post("/orders")).form(form);
    let mug = |quantity: &str| place(&format!("sku=mug-celadon-300&quantity={quantity}"));
    let sku = |sku: &str| place(&format!("sku={sku}&quantity=1"));
    let typed = |kind: &str| {
        own(post("/orders")).with(format!("content-type: {kind}")).body("sku=mug-celadon-300&quantity=1")
    };
    let call = |name: &str, text: &str| {
        own(post(&format!("/api/fn/{name}"))).with("content-type: text/plain;charset=utf-8").body(text)
    };
    let cases: Vec<Case> = vec![
        ("none", mug("0"), 400),
        ("below none", mug("-1"), 400),
        ("a hundred", mug("100"), 400),
        ("more than 64 bits hold", mug("99999999999999999999"), 400),
        ("so many that it wraps", mug("18446744073709551617"), 400),
        ("with an exponent", mug("1e9"), 400),
        ("a float", mug("1.0"), 400),
        ("hexadecimal", mug("0x1"), 400),
        ("with a NUL", mug("1%00"), 400),
        ("no number", mug("NaN"), 400),
        ("nothing", mug(""), 400),
        ("no quantity", place("sku=mug-celadon-300"), 400),
        ("no sku", place("quantity=1"), 400),
        ("two quantities", place("sku=mug-celadon-300&quantity=1&quantity=99"), 400),
        ("two skus", place("sku=mug-celadon-300&sku=test-sticker-1&quantity=1"), 400),
        ("a list", place("sku[]=mug-celadon-300&quantity[]=1"), 400),
        ("an unknown sku", sku("no-such-thing"), 404),
        ("SQL", sku("x'%20OR%20'1'='1"), 400),
        ("markup", sku("%3Chostile%3E"), 400),
        ("a sku of 1,000 letters", sku(&"a".repeat(1000)), 400),
        ("a sku in capitals", sku("MUG-CELADON-300"), 400),
        ("sold out", sku("slippers-linen-m"), 409),
        ("more than there are", place("sku=mug-celadon-300&quantity=99"), 409),
        ("nothing at all", place(""), 400),
        ("bytes that are no text", place("sku=%ff&quantity=1"), 400),
        ("as JSON", own(post("/orders")).json(r#"{"sku":"mug-celadon-300","quantity":"1"}"#), 400),
        ("a form that calls itself JSON", typed("application/json"), 400),
        ("a form that calls itself a text", typed("text/plain"), 400),
        ("a form that calls itself an upload", typed("multipart/form-data; boundary=x"), 400),
        ("a form without a name", own(post("/orders")).body("sku=mug-celadon-300&quantity=1"), 400),
        ("200 kB", place(&format!("sku={}&quantity=1", "a".repeat(200_000))), 413),
        ("back to markup", own(get("/orders/new?sku=%3Chostile%3E&quantity=%3Chostile%3E")), 404),
        ("back to a wild quantity", own(get("/orders/new?sku=mug-celadon-300&quantity=%3Chostile%3E")), 200),
        ("a payment of nothing", call("pay", ""), 400),
        ("of no id", call("pay", "order \n"), 404),
        ("of markup", call("pay", "order <hostile>\n"), 404),
        ("of SQL", call("pay", "order 1' OR '1'='1\n"), 404),
        ("of an id of 10,000 digits", call("pay", &format!("order {}\n", "1".repeat(10_000))), 404),
        ("of two orders", call("pay", "order 1\norder 2\n"), 404),
        ("a configuration for markup", call("js_config", "url <hostile>\n"), 400),
        ("a configuration for another site", call("js_config", "url https://evil.test/\n"), 400),
        ("text that is none", own(post("/api/fn/pay")).body([0xff, 0xfe]), 400),
    ];
    nothing_changes(&app, cases).await;
    app.stop().await;
}

async fn a_top_up_of_nonsense_is_not_made(database: Database) {
    let app = TestApp::start(database).await;
    let origin = format!("origin: {}", app.url);
    let cookie = format!("cookie: session={}", app.shopper().await.cookies["session"]);
    let own = || post("/api/wechat/pay/payWallet").with(origin.clone()).with(cookie.clone());
    let cases: Vec<Case> = vec![
        ("nothing", own().form("money=0"), 400),
        ("below nothing", own().form("money=-100"), 400),
        ("a fen too much", own().form("money=500001"), 400),
        ("more than 64 bits hold", own().form("money=99999999999999999999"), 400),
        ("yuan", own().form("money=19.90"), 400),
        ("with an exponent", own().form("money=1e3"), 400),
        ("in full-width digits", own().form("money=%EF%BC%91%EF%BC%90%EF%BC%90"), 400),
        ("a float", own().json(r#"{"money":100.0}"#), 400),
        ("a list", own().json(r#"{"money":[100]}"#), 400),
        ("a truth", own().json(r#"{"money":true}"#), 400),
        ("beyond 64 bits", own().json(r#"{"money":18446744073709551616}"#), 400),
        ("no JSON", own().json("{money:100}"), 400),
        ("brackets without end", own().json(&"[".repeat(100_000)), 400),
        ("JSON that calls itself a form", own().form(r#"{"money":100}"#), 400),
        ("no name for what it is", own().body("money=100"), 400),
        ("nobody's", post("/api/wechat/pay/payWallet").with(origin.clone()).form("money=100"), 401),
    ];
    nothing_changes(&app, cases).await;
    app.stop().await;
}

async fn nonsense_from_programs_is_refused(database: Database) {
    let clients = [
        ("SHOP_TOKEN_CLIENTS", "erp:erp-key-0123456789"),
        ("SHOP_ADMIN_CLIENTS", "erp:erp-admin-key-0123456789"),
    ];
    let app = TestApp::start_with(database, &clients).await;
    let mut shopper = app.shopper().await;
    let order = shopper.order("test-sticker-1", 1).await;
    let admin = |id: &str, body: &str| {
        let path = format!("/api/admin/orders/{id}/refunds");
        post(&path).with("authorization: Bearer erp-admin-key-0123456789").json(body)
    };
    let refresh = |body: &str| {
        post("/api/wechat/token/refresh").with("authorization: Bearer erp-key-0123456789").json(body)
    };
    let login = |body: &str| post("/api/miniprogram/login").json(body);
    let cases: Vec<Case> = vec![
        ("a refund of an unpaid order", admin(&order, r#"{"reason":"x"}"#), 409),
        ("of nothing", admin(&order, r#"{"reason":"x","refund_fee":0}"#), 409),
        ("below nothing", admin(&order, r#"{"reason":"x","refund_fee":-1}"#), 409),
        ("a float", admin(&order, r#"{"reason":"x","refund_fee":1.0}"#), 400),
        ("without a reason", admin(&order, "{}"), 400),
        ("a reason with a NUL", admin(&order, r#"{"reason":"x\u0000","refund_fee":1}"#), 400),
        ("a number with a slash", admin(&order, r#"{"reason":"x","out_refund_no":"a/b"}"#), 400),
        ("of nobody's order", admin("999", r#"{"reason":"x"}"#), 404),
        ("of SQL", admin("1'%20OR%20'1'='1", r#"{"reason":"x"}"#), 404),
        ("of a way up", admin("..%2f..%2f", r#"{"reason":"x"}"#), 404),
        ("a refresh of nothing", refresh("{}"), 400),
        ("a refresh of a number", refresh(r#"{"access_token":1}"#), 400),
        ("a login with a number", login(r#"{"code":1}"#), 400),
        ("with 600 letters", login(&format!(r#"{{"code":"{}"}}"#, "a".repeat(600))), 400),
        ("with a header in it", login(r#"{"code":"a\r\nhostile: 1"}"#), 400),
        ("with another question in it", login(r#"{"code":"a&appid=wx0000000000000000"}"#), 400),
        ("with two codes", login(r#"{"code":"a","code":"b"}"#), 400),
        ("a login that calls itself a text", post("/api/miniprogram/login").body(r#"{"code":"a"}"#), 400),
    ];
    nothing_changes(&app, cases).await;
    app.stop().await;
}
