//! One order, one attempt, one payment.

use serde_json::json;

use test_support::Database;

use crate::{
    app::TestApp,
    on_both,
    shopper::{location, thumb},
};

on_both!(
    a_payment_is_on_disk_and_wechat_and_the_shop_agree,
    repeated_taps_on_pay_use_one_attempt,
    two_taps_on_buy_are_one_order,
    an_order_call_that_timed_out_is_sent_again_byte_for_byte,
    an_expired_prepay_id_is_renewed_with_the_same_number,
    the_query_job_books_a_payment_without_a_notification,
    a_report_of_the_browser_only_causes_a_query,
    a_paid_order_cannot_be_paid_again,
    the_order_of_another_shopper_cannot_be_seen_or_paid,
    the_state_can_be_recomputed_from_the_events,
);

async fn a_payment_is_on_disk_and_wechat_and_the_shop_agree(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let (order, out_trade_no) = shopper.about_to_pay("mug-celadon-300", 2).await;
    assert_eq!(app.state(&order).await, "paying");
    thumb(&app, &out_trade_no).await;
    app.until_state(&order, "paid").await;

    let wechat = app.at_wechat(&order).await;
    assert_eq!(wechat.len(), 1);
    assert_eq!(wechat[0]["trade_state"], "SUCCESS");
    assert_eq!(wechat[0]["total_fee"], 2 * 5900);
    assert_eq!(wechat[0]["openid"], shopper.openid);
    let row = app.shop.store().attempt(&out_trade_no.parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(row.transaction_id.unwrap().as_str(), wechat[0]["transaction_id"].as_str().unwrap());
    app.until("WeChat heard SUCCESS", async || {
        app.answers(&order).await.iter().any(|answer| answer["acknowledged"] == true)
    })
    .await;
    assert_eq!(app.database.sum("orders", "total_fee", &[("state", "paid")]).await, 2 * 5900);
    app.stop().await;
}

async fn repeated_taps_on_pay_use_one_attempt(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let order = shopper.order("test-sticker-1", 3).await;
    let taps = (0..8).map(|_| {
        let (mut shopper, order) = (shopper.clone(), order.clone());
        async move { shopper.pay(&order).await }
    });
    let numbers = futures::future::join_all(taps).await;
    assert!(numbers.iter().all(|number| *number == numbers[0]), "{numbers:?}");
    // and the form, without any script
    let form = shopper.post(&format!("/orders/{order}/pay"), &[]).await;
    assert_eq!(location(&form), format!("/orders/{order}/pay"));
    assert_eq!(app.at_wechat(&order).await.len(), 1);
    assert_eq!(app.database.count("attempts", &[]).await, 1);
    app.stop().await;
}

async fn two_taps_on_buy_are_one_order(database: Database) {
    let app = TestApp::start(database).await;
    let shopper = app.shopper().await;
    let before = app.stock("mug-celadon-450").await;
    let taps = (0..4).map(|_| {
        let mut shopper = shopper.clone();
        async move { shopper.order("mug-celadon-450", 1).await }
    });
    let orders = futures::future::join_all(taps).await;
    assert!(orders.iter().all(|order| *order == orders[0]), "{orders:?}");
    assert_eq!(app.stock("mug-celadon-450").await, before - 1);
    app.stop().await;
}

async fn an_order_call_that_timed_out_is_sent_again_byte_for_byte(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let order = shopper.order("mug-celadon-300", 1).await;
    // WeChat takes the order twice and answers neither time: the client gives up
    app.control("faults", json!({ "endpoint": "unifiedorder", "kind": "hang_up_after", "times": 2 })).await;
    let (status, text) = shopper.call("pay", &format!("order {order}\n")).await;
    assert_eq!(status, 503, "{text}");
    assert!(text.contains("code try_again"), "{text}");
    let stored = app.shop.store().attempts_of(&order.parse().unwrap()).await.unwrap();
    assert_eq!(stored.len(), 1, "the attempt was on disk before it was sent");
    // anything but the stored request would be refused as another order of the same number
    let out_trade_no = shopper.pay(&order).await;
    assert_eq!(out_trade_no, stored[0].out_trade_no.as_str());
    assert_eq!(app.at_wechat(&order).await.len(), 1);
    app.stop().await;
}

async fn an_expired_prepay_id_is_renewed_with_the_same_number(database: Database) {
    let app = TestApp::start_with(database, &[("SHOP_ORDER_EXPIRE_S", "86400")]).await;
    let mut shopper = app.shopper().await;
    let (order, out_trade_no) = shopper.about_to_pay("mug-celadon-300", 1).await;
    let first = app.at_wechat(&order).await[0]["prepay_id"].clone();
    assert_eq!(shopper.pay(&order).await, out_trade_no);
    assert_eq!(app.at_wechat(&order).await[0]["prepay_id"], first, "a fresh one is used again");
    app.clock.advance(2 * 3600);
    app.control("clock", json!({ "advance_s": 2 * 3600 })).await;
    assert_eq!(shopper.pay(&order).await, out_trade_no);
    assert_ne!(app.at_wechat(&order).await[0]["prepay_id"], first);
    thumb(&app, &out_trade_no).await;
    app.until_state(&order, "paid").await;
    app.stop().await;
}

async fn the_query_job_books_a_payment_without_a_notification(database: Database) {
    let app = TestApp::start_with(database, &[("SHOP_QUERY_INTERVALS_S", "1,1,1,1,1,1,1,1,1,1")]).await;
    let mut shopper = app.shopper().await;
    let (order, out_trade_no) = shopper.about_to_pay("mug-celadon-300", 1).await;
    app.control("notifications", json!({ "drop": true })).await;
    thumb(&app, &out_trade_no).await;
    app.until_state(&order, "paid").await;
    assert_eq!(app.database.count("events", &[("what", "paid"), ("who", "query")]).await, 1);
    app.until("the job is done with", async || app.database.count("jobs", &[("kind", "query")]).await == 0)
        .await;
    app.stop().await;
}

async fn a_report_of_the_browser_only_causes_a_query(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let (order, out_trade_no) = shopper.about_to_pay("mug-celadon-300", 1).await;
    // the page believes that it was paid; it was not
    let (_, text) = shopper.call("order_status", &format!("order {order}\n")).await;
    assert_eq!(text, "state paying\n");
    app.control("notifications", json!({ "drop": true })).await;
    thumb(&app, &out_trade_no).await;
    app.until("the page's question finds the payment", async || {
        let mut shopper = shopper.clone();
        shopper.call("order_status", &format!("order {order}\n")).await.1 == "state paid\n"
    })
    .await;
    app.stop().await;
}

async fn a_paid_order_cannot_be_paid_again(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let (order, out_trade_no) = shopper.about_to_pay("mug-celadon-300", 1).await;
    thumb(&app, &out_trade_no).await;
    app.until_state(&order, "paid").await;
    let (status, text) = shopper.call("pay", &format!("order {order}\n")).await;
    assert_eq!(status, 409);
    assert!(text.contains("code already_paid"), "{text}");
    for path in [format!("/orders/{order}/confirm"), format!("/orders/{order}/pay")] {
        assert_eq!(location(&shopper.get(&path).await), format!("/orders/{order}"), "{path}");
    }
    let form = shopper.post(&format!("/orders/{order}/pay"), &[]).await;
    assert_eq!(location(&form), format!("/orders/{order}"));
    app.stop().await;
}

async fn the_order_of_another_shopper_cannot_be_seen_or_paid(database: Database) {
    let app = TestApp::start(database).await;
    let order = app.shopper().await.order("mug-celadon-300", 1).await;
    let mut other = app.shopper().await;
    for path in
        [format!("/orders/{order}"), format!("/orders/{order}/confirm"), format!("/orders/{order}/pay")]
    {
        assert_eq!(other.get(&path).await.status(), 404, "{path}");
    }
    assert_eq!(other.post(&format!("/orders/{order}/pay"), &[]).await.status(), 404);
    for function in ["pay", "order_status"] {
        assert_eq!(other.call(function, &format!("order {order}\n")).await.0, 404, "{function}");
    }
    let mut nobody = app.stranger().await;
    for function in ["pay", "order_status"] {
        let (status, text) = nobody.call(function, &format!("order {order}\n")).await;
        assert_eq!((status, text.contains("code logged_out")), (401, true), "{function}: {text}");
    }
    assert!(app.at_wechat(&order).await.is_empty());
    app.stop().await;
}

async fn the_state_can_be_recomputed_from_the_events(database: Database) {
    use model::order::{OrderEvent, OrderState, transition};

    let app = TestApp::start_with(database, &[("SHOP_ORDER_EXPIRE_S", "600")]).await;
    let mut shopper = app.shopper().await;
    let (paid, out_trade_no) = shopper.about_to_pay("mug-celadon-300", 1).await;
    thumb(&app, &out_trade_no).await;
    app.until_state(&paid, "paid").await;
    let (closed, _) = shopper.about_to_pay("test-sticker-1", 1).await;
    app.clock.advance(601);
    app.until_state(&closed, "closed").await;
    for order in [paid, closed] {
        let id = order.parse().unwrap();
        let mut state = OrderState::Created;
        for record in app.shop.store().events(&id).await.unwrap() {
            let event = match record.kind.as_str() {
                "attempt_started" => OrderEvent::AttemptStarted,
                "paid" => OrderEvent::Paid,
                "close_requested" => OrderEvent::CloseRequested,
                "closed" => OrderEvent::CloseConfirmed,
                _ => continue,
            };
            state = transition(state, event).unwrap_or(state);
        }
        assert_eq!(state.to_string(), app.state(&order).await);
    }
    app.stop().await;
}
