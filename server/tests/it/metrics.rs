//! What the operator sees from outside.

use serde_json::json;
use test_support::Database;

use crate::{app::TestApp, on_both, shopper::thumb};

on_both!(the_metrics_tell_what_happened_and_no_secret, strangers_see_no_metrics);

async fn the_metrics_tell_what_happened_and_no_secret(database: Database) {
    let app = TestApp::start(database).await;
    let (order, number) = app.shopper().await.about_to_pay("mug-celadon-300", 1).await;
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    app.shopper().await.order("test-sticker-1", 1).await;
    let refused =
        json!({ "endpoint": "unifiedorder", "kind": "error", "code": "NOAUTH", "message": "x", "times": 2 });
    app.control("faults", refused).await;
    let mut shopper = app.shopper().await;
    let failing = shopper.order("test-sticker-1", 2).await;
    assert_eq!(shopper.call("pay", &format!("order {failing}\n")).await.0, 502);
    app.http.post(format!("{}/api/wechat/pay/callback", app.url)).body("<xml/>").send().await.unwrap();
    let answer = app.http.get(format!("{}/metrics", app.url)).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let text = answer.text().await.unwrap();
    for line in [
        "shop_orders{state=\"paid\"} 1",
        "shop_orders{state=\"created\"} 1",
        "shop_differences_open 0",
        "wechat_notifications_total{generation=\"v2\",outcome=\"acknowledged\"} 1",
        "wechat_notifications_total{generation=\"v2\",outcome=\"refused\"} 1",
        "wechat_refusals_total{endpoint=\"pay/unifiedorder\",code=\"NOAUTH\"}",
        "wechat_call_seconds_count{endpoint=\"pay/unifiedorder\",status=\"200\"}",
        "shop_job_lag_seconds",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    let account = app.account().await;
    for name in ["secret", "api_v2_key", "api_v3_key", "miniprogram_secret"] {
        assert!(!text.contains(account[name].as_str().unwrap()), "{name}");
    }
    assert!(!text.contains(&shopper.openid));
    app.stop().await;
}

async fn strangers_see_no_metrics(database: Database) {
    let keys =
        [("SHOP_TRUSTED_PROXIES", "127.0.0.1"), ("SHOP_ADMIN_CLIENTS", "prometheus:prometheus-key-0123")];
    let app = TestApp::start_with(database, &keys).await;
    let ask = || app.http.get(format!("{}/metrics", app.url)).header("x-forwarded-for", "203.0.113.7");
    assert_eq!(ask().send().await.unwrap().status(), 404);
    assert_eq!(ask().bearer_auth("prometheus-key-0123").send().await.unwrap().status(), 200);
    assert_eq!(ask().bearer_auth("prometheus-key-012").send().await.unwrap().status(), 404);
    app.stop().await;
}
