//! Orders that nobody paid in time.

use serde_json::json;
use test_support::Database;

use crate::{app::TestApp, on_both, shopper::thumb};

on_both!(
    an_order_that_nobody_tried_to_pay_closes_and_its_stock_comes_back,
    an_attempt_is_closed_at_wechat_before_the_stock_comes_back,
    a_payment_in_the_last_moment_counts,
    a_payment_after_the_close_is_booked_and_alerts,
);

const TEN_MINUTES: &[(&str, &str)] = &[("SHOP_ORDER_EXPIRE_S", "600")];

async fn an_order_that_nobody_tried_to_pay_closes_and_its_stock_comes_back(database: Database) {
    let app = TestApp::start_with(database, TEN_MINUTES).await;
    let before = app.stock("mug-celadon-300").await;
    let mut shopper = app.shopper().await;
    let order = shopper.order("mug-celadon-300", 3).await;
    assert_eq!(app.stock("mug-celadon-300").await, before - 3);
    app.clock.advance(601);
    app.until_state(&order, "closed").await;
    assert_eq!(app.stock("mug-celadon-300").await, before);
    let page = shopper.get(&format!("/orders/{order}")).await.text().await.unwrap();
    assert!(page.contains("超时未付款") && !page.contains("您已取消订单"), "{page}");
    let (status, text) = shopper.call("pay", &format!("order {order}\n")).await;
    assert_eq!((status, text.contains("code refused")), (409, true), "{text}");
    app.stop().await;
}

async fn an_attempt_is_closed_at_wechat_before_the_stock_comes_back(database: Database) {
    let app = TestApp::start_with(database, TEN_MINUTES).await;
    let before = app.stock("mug-celadon-300").await;
    let (order, _) = app.shopper().await.about_to_pay("mug-celadon-300", 1).await;
    // WeChat does not answer: nothing is known, so nothing is given back
    app.control("faults", json!({ "endpoint": "*", "kind": "http_502" })).await;
    app.clock.advance(601);
    app.until_state(&order, "closing").await;
    assert_eq!(app.stock("mug-celadon-300").await, before - 1);
    app.control("faults", json!({})).await;
    // the failed job comes back after its pause
    app.until("the order is closed", async || {
        app.clock.advance(10);
        app.state(&order).await == "closed"
    })
    .await;
    assert_eq!(app.at_wechat(&order).await[0]["trade_state"], "CLOSED");
    assert_eq!(app.stock("mug-celadon-300").await, before);
    app.stop().await;
}

async fn a_payment_in_the_last_moment_counts(database: Database) {
    let app = TestApp::start_with(database, TEN_MINUTES).await;
    let before = app.stock("mug-celadon-300").await;
    let (order, out_trade_no) = app.shopper().await.about_to_pay("mug-celadon-300", 1).await;
    app.control("notifications", json!({ "drop": true })).await;
    thumb(&app, &out_trade_no).await;
    app.clock.advance(601);
    app.until_state(&order, "paid").await;
    assert_eq!(app.stock("mug-celadon-300").await, before - 1);
    app.stop().await;
}

async fn a_payment_after_the_close_is_booked_and_alerts(database: Database) {
    let app = TestApp::start_with(database, TEN_MINUTES).await;
    let (order, out_trade_no) = app.shopper().await.about_to_pay("mug-celadon-300", 1).await;
    app.control("notifications", json!({ "drop": true })).await;
    // WeChat says CLOSED once, and is paid all the same
    assert_eq!(close(&app, &order).await, "closed");
    thumb(&app, &out_trade_no).await;
    app.control("notifications", json!({})).await;
    app.control("clock", json!({ "advance_s": 20 })).await;
    app.until("the money is on the books", async || {
        app.database.count("differences", &[("kind", "paid_after_close")]).await == 1
    })
    .await;
    assert_eq!(app.state(&order).await, "closed");
    let database = app.database.connect().await;
    assert_eq!(database.table("attempts").with("state", "paid").not_null("transaction_id").count().await, 1);
    app.stop().await;
}

/// The close is confirmed by a fault, so that the simulator's order stays open.
async fn close(app: &TestApp, order: &str) -> String {
    let says_closed =
        json!({ "endpoint": "closeorder", "kind": "error", "code": "ORDERCLOSED", "message": "订单已关闭" });
    app.control("faults", says_closed).await;
    app.clock.advance(601);
    app.until("the order is settled", async || ["closed", "paid"].contains(&&*app.state(order).await)).await;
    app.control("faults", json!({})).await;
    app.state(order).await
}
