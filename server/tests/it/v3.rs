//! Pay V3: the same shop, paid over the newer generation.

use serde_json::json;
use test_support::Database;

use crate::{app::TestApp, on_both, shopper::thumb};

const V3: (&str, &str) = ("WECHAT_PAY_API", "v3");
const NO_PUBLIC_KEY: [(&str, &str); 2] = [("WECHAT_PUBLIC_KEY_ID", ""), ("WECHAT_PUBLIC_KEY_FILE", "")];

on_both!(
    an_order_is_paid_through_v3,
    trap_01_a_merchant_without_a_certificate_is_paid,
    a_merchant_without_the_public_key_is_paid,
    trap_02_notifications_signed_with_either_key_are_taken,
    trap_05_09_10_a_forged_or_stale_notification_changes_nothing,
    a_contradicting_notification_is_a_discrepancy_and_not_acknowledged,
    a_query_finds_a_payment_without_a_notification,
    an_attempt_keeps_its_api_version_after_a_switch,
    an_expired_order_is_closed_through_v3,
);

async fn start(database: Database, more: &[(&str, &str)]) -> TestApp {
    TestApp::start_with(database, &[&[V3], more].concat()).await
}

async fn is_paid_by_notification(app: &TestApp) -> String {
    let (order, number) = app.shopper().await.about_to_pay("mug-celadon-300", 1).await;
    thumb(app, &number).await;
    app.until_state(&order, "paid").await;
    assert_eq!(app.database.count("events", &[("order_id", &order), ("who", "notification")]).await, 1);
    app.until("the notification is acknowledged", async || {
        app.answers(&order).await.iter().any(|answer| answer["acknowledged"] == true)
    })
    .await;
    order
}

async fn an_order_is_paid_through_v3(database: Database) {
    let app = start(database, &[]).await;
    let order = is_paid_by_notification(&app).await;
    let v3 = [("api", "v3"), ("sign_type", "RSA"), ("state", "paid")];
    assert_eq!(app.database.count("attempts", &v3).await, 1);
    assert_eq!(app.at_wechat(&order).await[0]["trade_state"], "SUCCESS");
    // the shopper's page gets what chooseWXPay takes
    let mut shopper = app.shopper().await;
    let order = shopper.order("mug-celadon-450", 1).await;
    let (status, text) = shopper.call("pay", &format!("order {order}\n")).await;
    assert_eq!(status, 200, "{text}");
    assert!(text.contains("RSA") && text.contains("prepay_id="), "{text}");
    app.stop().await;
}

async fn trap_01_a_merchant_without_a_certificate_is_paid(database: Database) {
    let mut app = TestApp::start(database).await;
    app.control("account", json!({ "platform_keys": "public_key" })).await;
    app.restart_with(&[V3]).await;
    is_paid_by_notification(&app).await;
    app.stop().await;
}

async fn a_merchant_without_the_public_key_is_paid(database: Database) {
    let app = start(database, &NO_PUBLIC_KEY).await;
    is_paid_by_notification(&app).await;
    app.stop().await;
}

async fn trap_02_notifications_signed_with_either_key_are_taken(database: Database) {
    let app = start(database, &[]).await;
    app.control("account", json!({ "platform_keys": "alternate" })).await;
    for _ in 0..4 {
        is_paid_by_notification(&app).await;
    }
    app.stop().await;
}

async fn trap_05_09_10_a_forged_or_stale_notification_changes_nothing(database: Database) {
    let app = start(database, &[("SHOP_QUERY_INTERVALS_S", "3600")]).await;
    for kind in ["sign", "no_sign", "signtest", "unknown_serial", "stale_time", "future_time", "truncate"] {
        let (order, number) = app.shopper().await.about_to_pay("test-sticker-1", 1).await;
        app.control("notifications", json!({ "tamper": { "kind": kind, "times": 1 } })).await;
        thumb(&app, &number).await;
        app.until(kind, async || !app.answers(&order).await.is_empty()).await;
        let first = app.answers(&order).await[0].clone();
        let status = first["status"].as_i64().unwrap();
        assert!((400..500).contains(&status), "{kind}: {first}");
        assert_eq!(app.state(&order).await, "paying", "{kind}");
        app.control("notifications", json!({})).await;
        // the next one is true
        app.control("clock", json!({ "advance_s": 16 })).await;
        app.until_state(&order, "paid").await;
    }
    assert_eq!(app.database.count("differences", &[]).await, 0);
    app.stop().await;
}

async fn a_contradicting_notification_is_a_discrepancy_and_not_acknowledged(database: Database) {
    let app = start(database, &[]).await;
    let kinds = [
        ("signed_total_fee", "other_amount"),
        ("signed_appid", "other_appid"),
        ("signed_mch_id", "other_mch_id"),
        ("signed_fee_type", "other_currency"),
        ("signed_unknown_order", "unknown_order"),
    ];
    for (tamper, kind) in kinds {
        let (order, number) = app.shopper().await.about_to_pay("test-sticker-1", 1).await;
        app.control("notifications", json!({ "tamper": { "kind": tamper, "times": 1 } })).await;
        thumb(&app, &number).await;
        app.until(kind, async || app.database.count("differences", &[("kind", kind)]).await == 1).await;
        assert_eq!(app.state(&order).await, "paying", "{kind}");
        app.control("notifications", json!({})).await;
    }
    app.stop().await;
}

async fn a_query_finds_a_payment_without_a_notification(database: Database) {
    let app = start(database, &[]).await;
    app.control("notifications", json!({ "drop": true })).await;
    let mut shopper = app.shopper().await;
    let (order, number) = shopper.about_to_pay("mug-celadon-300", 1).await;
    thumb(&app, &number).await;
    let (status, text) = shopper.call("order_status", &format!("order {order}\n")).await;
    assert_eq!(status, 200, "{text}");
    assert_eq!(app.state(&order).await, "paid");
    app.stop().await;
}

async fn an_attempt_keeps_its_api_version_after_a_switch(database: Database) {
    let mut app = start(database, &[]).await;
    let mut shopper = app.shopper().await;
    let (old, old_number) = shopper.about_to_pay("mug-celadon-300", 1).await;
    app.restart_with(&[("WECHAT_PAY_API", "v2")]).await;
    let (new, new_number) = shopper.about_to_pay("mug-celadon-450", 1).await;
    assert_eq!(shopper.pay(&old).await, old_number);
    for number in [&old_number, &new_number] {
        thumb(&app, number).await;
    }
    app.until_state(&old, "paid").await;
    app.until_state(&new, "paid").await;
    for api in ["v2", "v3"] {
        assert_eq!(app.database.count("attempts", &[("api", api), ("state", "paid")]).await, 1, "{api}");
    }
    app.stop().await;
}

async fn an_expired_order_is_closed_through_v3(database: Database) {
    let app = start(database, &[]).await;
    let before = app.stock("mug-celadon-300").await;
    let (order, _) = app.shopper().await.about_to_pay("mug-celadon-300", 1).await;
    app.clock.advance(3600);
    app.shop.jobs().run_due().await.unwrap();
    app.until_state(&order, "closed").await;
    assert_eq!(app.at_wechat(&order).await[0]["trade_state"], "CLOSED");
    assert_eq!(app.stock("mug-celadon-300").await, before);
    app.stop().await;
}
