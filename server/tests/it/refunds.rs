//! Refunds that WeChat reports: made in the merchant platform.

use serde_json::{Value, json};

use crate::{app::TestApp, database::Database, on_both, shopper::thumb};

on_both!(
    a_v2_refund_made_elsewhere_is_asked_about_and_kept_once,
    a_v3_refund_made_elsewhere_is_kept_once,
    trap_13_a_v2_refund_notification_is_no_proof,
);

async fn refunded_elsewhere(database: Database, api: &str) -> TestApp {
    let app = TestApp::start_with(database, &[("WECHAT_PAY_API", api)]).await;
    let callback = format!("{}/api/wechat/pay/refund-callback", app.url);
    app.control("account", json!({ "refund_notify_url": callback })).await;
    app.control("notifications", json!({ "duplicate": 2 })).await;
    let (order, number) = app.shopper().await.about_to_pay("mug-celadon-300", 1).await;
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    app.control("refund", json!({ "out_trade_no": number, "refund_fee": 100 })).await;
    app.control("clock", json!({ "advance_s": 5 })).await;
    app.until("the refund is acknowledged", async || {
        let ledger = app.ledger().await;
        let rows = ledger["notifications"].as_array().unwrap().clone();
        rows.iter().any(|row| row["kind"] == "refund" && is_acknowledged(row))
    })
    .await;
    let kept = "SELECT COUNT(*) FROM differences WHERE kind = 'refund_elsewhere'";
    assert_eq!(app.database.number(kept).await, 1);
    assert_eq!(app.state(&order).await, "paid");
    app
}

fn is_acknowledged(row: &Value) -> bool {
    let attempts = row["attempts"].as_array().unwrap();
    attempts.len() >= 3 && attempts.iter().all(|attempt| attempt["acknowledged"] == true)
}

async fn a_v2_refund_made_elsewhere_is_asked_about_and_kept_once(database: Database) {
    refunded_elsewhere(database, "v2").await.stop().await;
}

async fn a_v3_refund_made_elsewhere_is_kept_once(database: Database) {
    refunded_elsewhere(database, "v3").await.stop().await;
}

async fn trap_13_a_v2_refund_notification_is_no_proof(database: Database) {
    use wechat::{Secret, pay::v2::refund_notification::generate_test_notification, wire::Fields};

    let app = TestApp::start(database).await;
    let account: Value = app
        .http
        .get(format!("{}/_simulator/account", app.wechat_url()))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let text = |name: &str| account[name].as_str().unwrap();
    let (order, number) = app.shopper().await.about_to_pay("mug-celadon-300", 1).await;
    // it decrypts, but WeChat knows of no such refund
    let fields: Fields = [
        ("out_trade_no", &*number),
        ("transaction_id", "4200000000202611210000000001"),
        ("out_refund_no", "1"),
        ("refund_id", "50000000000000000000000000000"),
        ("total_fee", "5900"),
        ("refund_fee", "5900"),
        ("refund_status", "SUCCESS"),
    ]
    .into_iter()
    .collect();
    let body =
        generate_test_notification(fields, text("appid"), text("mch_id"), &Secret::new(text("api_v2_key")));
    let answer =
        app.http.post(format!("{}/api/wechat/pay/refund-callback", app.url)).body(body).send().await.unwrap();
    assert_eq!(answer.status(), 400);
    assert!(answer.text().await.unwrap().contains("FAIL"));
    assert_eq!(app.state(&order).await, "paying");
    assert_eq!(app.database.number("SELECT COUNT(*) FROM differences").await, 0);
    app.stop().await;
}
