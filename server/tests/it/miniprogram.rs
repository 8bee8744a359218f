//! What the mini program asks of the shop.

use serde_json::{Value, json};

use test_support::Database;

use crate::{app::TestApp, on_both, shopper::thumb};

on_both!(
    the_mini_program_logs_in_and_is_paid,
    the_mini_program_is_paid_through_v3,
    a_code_is_valid_once_and_a_wrong_code_is_refused,
    only_a_token_of_the_mini_program_is_accepted,
    wrong_items_are_refused_and_hold_no_stock,
    an_order_of_the_web_view_is_paid_by_who_has_its_link,
    a_shopper_of_the_mini_program_who_asks_too_often_waits,
    a_page_in_the_web_view_leads_to_the_mini_programs_payment,
);

pub(crate) async fn post(app: &TestApp, path: &str, token: &str, body: Value) -> (u16, Value) {
    let request = app.http.post(format!("{}/api/miniprogram/{path}", app.url)).json(&body);
    let request = if token.is_empty() { request } else { request.bearer_auth(token) };
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

pub(crate) async fn log_in(app: &TestApp) -> String {
    let code = app.control("miniprogram", json!({})).await["code"].as_str().unwrap().to_owned();
    let (status, answer) = post(app, "login", "", json!({ "code": code })).await;
    assert_eq!(status, 200, "{answer}");
    assert!(answer["data"]["expires_in"].as_i64().unwrap() > 0);
    assert!(!answer.to_string().contains("session_key"));
    answer["data"]["token"].as_str().unwrap().to_owned()
}

/// Logs in as a new user; the token.
pub(crate) async fn another_shopper(app: &TestApp) -> String {
    let user = app.control("users", json!({ "nickname": "tester" })).await;
    let opened = app.control("miniprogram", json!({ "openid": user["openid"] })).await;
    let (_, answer) = post(app, "login", "", json!({ "code": opened["code"] })).await;
    answer["data"]["token"].as_str().unwrap().to_owned()
}

fn items() -> Value {
    json!({ "items": [{ "sku": "mug-celadon-300", "quantity": 2 }, { "sku": "test-sticker-1", "quantity": 1 }] })
}

async fn buys(app: &TestApp) {
    let token = log_in(app).await;
    let before = app.stock("mug-celadon-300").await;
    let (status, answer) = post(app, "pay", &token, items()).await;
    assert_eq!(status, 200, "{answer}");
    let data = &answer["data"];
    for name in ["timeStamp", "nonceStr", "package", "signType", "paySign", "out_trade_no"] {
        assert!(data[name].is_string(), "{name} in {answer}");
    }
    assert_eq!(app.stock("mug-celadon-300").await, before - 2);
    // asked again by its key, it is the same payment of the same order
    let again = json!({ "order": data["order"], "key": data["key"] });
    let (status, again) = post(app, "pay", &token, again).await;
    assert_eq!((status, &again["data"]["out_trade_no"]), (200, &data["out_trade_no"]), "{again}");
    assert_eq!(app.stock("mug-celadon-300").await, before - 2);
    let number = data["out_trade_no"].as_str().unwrap();
    thumb(app, number).await;
    app.until_state(&number[..24], "paid").await;
}

async fn the_mini_program_logs_in_and_is_paid(database: Database) {
    let app = TestApp::start(database).await;
    buys(&app).await;
    app.stop().await;
}

async fn the_mini_program_is_paid_through_v3(database: Database) {
    let app = TestApp::start_with(database, &[("WECHAT_PAY_API", "v3")]).await;
    buys(&app).await;
    app.stop().await;
}

async fn a_code_is_valid_once_and_a_wrong_code_is_refused(database: Database) {
    let app = TestApp::start(database).await;
    let code = app.control("miniprogram", json!({})).await["code"].as_str().unwrap().to_owned();
    assert_eq!(post(&app, "login", "", json!({ "code": code })).await.0, 200);
    for body in
        [json!({ "code": code }), json!({ "code": "0000" }), json!({ "code": "" }), json!({}), json!([])]
    {
        let (status, answer) = post(&app, "login", "", body.clone()).await;
        assert_eq!(status, 400, "{body}: {answer}");
        assert!(answer["code"].as_i64().unwrap() > 0 && answer["msg"].is_string());
    }
    app.stop().await;
}

async fn only_a_token_of_the_mini_program_is_accepted(database: Database) {
    let app = TestApp::start(database).await;
    let shopper = app.shopper().await;
    let token = log_in(&app).await;
    let cookie = &shopper.cookies["session"];
    for wrong in ["", "x", cookie, &format!("{token}0"), &token.to_uppercase()] {
        assert_eq!(post(&app, "pay", wrong, items()).await.0, 401, "{wrong}");
    }
    // cookies say nothing here
    let request = app.http.post(format!("{}/api/miniprogram/pay", app.url)).json(&items());
    let answer = request.header("cookie", format!("session={cookie}")).send().await.unwrap();
    assert_eq!(answer.status(), 401);
    app.clock.advance(2 * 3600);
    assert_eq!(post(&app, "pay", &token, items()).await.0, 401, "it ends");
    app.stop().await;
}

async fn wrong_items_are_refused_and_hold_no_stock(database: Database) {
    let app = TestApp::start(database).await;
    let token = log_in(&app).await;
    let of = |sku: &str, quantity: Value| json!({ "items": [{ "sku": sku, "quantity": quantity }] });
    let wrong = [
        (of("mug-celadon-300", json!(0)), 400),
        (of("mug-celadon-300", json!(-1)), 400),
        (of("mug-celadon-300", json!(100)), 400),
        (of("mug-celadon-300", json!(1.5)), 400),
        (of("mug-celadon-300", json!("1")), 400),
        (of("no-such-thing", json!(1)), 404),
        (of("slippers-linen-m", json!(1)), 409),
        (json!({ "items": [] }), 400),
        (json!({}), 400),
        (json!({ "order": "1", "key": "" }), 404),
    ];
    for (body, expected) in wrong {
        let (status, answer) = post(&app, "pay", &token, body.clone()).await;
        assert_eq!(status, expected, "{body}: {answer}");
    }
    assert_eq!(app.database.count("orders", &[]).await, 0);
    app.stop().await;
}

async fn an_order_of_the_web_view_is_paid_by_who_has_its_link(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let order = shopper.order("mug-celadon-300", 1).await;
    let page = shopper.get(&format!("/orders/{order}/confirm")).await.text().await.unwrap();
    let link =
        page.split("data-miniprogram=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let key = link.strip_prefix(&format!("/pages/pay/pay?order={order}&key=")).unwrap().to_owned();
    assert_eq!(key.len(), 32);
    let token = log_in(&app).await;
    for wrong in ["", "0", &"0".repeat(32)] {
        assert_eq!(post(&app, "pay", &token, json!({ "order": order, "key": wrong })).await.0, 404);
    }
    let (status, answer) = post(&app, "pay", &token, json!({ "order": order, "key": key })).await;
    assert_eq!(status, 200, "{answer}");
    // WeChat closes no attempt in its first minutes: one of the page's own stands beside it
    let (status, text) = shopper.call("pay", &format!("order {order}\n")).await;
    assert_eq!(status, 200, "{text}");
    thumb(&app, answer["data"]["out_trade_no"].as_str().unwrap()).await;
    app.until_state(&order, "paid").await;
    // and it is the order of who placed it
    assert_eq!(shopper.get(&format!("/orders/{order}")).await.status(), 200);
    app.stop().await;
}

async fn a_page_in_the_web_view_leads_to_the_mini_programs_payment(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let order = shopper.order("mug-celadon-300", 1).await;
    shopper.agent.push_str(" miniProgram/wx0123456789abcdef");
    let paid = shopper.post(&format!("/orders/{order}/pay"), &[]).await;
    assert_eq!(paid.status(), 303);
    let page = shopper.get(&format!("/orders/{order}/pay")).await.text().await.unwrap();
    assert!(page.contains(&format!("/pages/pay/pay?order={order}")), "{page}");
    assert!(!page.contains("data-pay-sign"), "{page}");
    assert_eq!(app.database.count("attempts", &[]).await, 0);
    app.stop().await;
}

async fn a_shopper_of_the_mini_program_who_asks_too_often_waits(database: Database) {
    let app = TestApp::start(database).await;
    let (hasty, other) = (another_shopper(&app).await, another_shopper(&app).await);
    let mut last = 0;
    for _ in 0..600 {
        last = post(&app, "pay", &hasty, json!({ "items": [] })).await.0;
        if last == 429 {
            break;
        }
        assert_eq!(last, 400);
    }
    assert_eq!(last, 429);
    assert_eq!(post(&app, "pay", &other, json!({ "items": [] })).await.0, 400, "others go on");
    app.clock.advance(60);
    assert_eq!(post(&app, "pay", &hasty, json!({ "items": [] })).await.0, 400);
    app.stop().await;
}
