//! When a shopper has the goods: the shopper says so, WeChat says so, or the time is over.

use model::delivery::{ReportState, WechatOrderState};
use serde_json::json;
use shop::{OrderFilter, OrderView, ParcelForm, ShopError, Staff};

use test_support::Database;

use crate::{
    app::TestApp,
    deliveries::{owner, paid_order, report, ship, until_report},
    miniprogram::post,
    on_both,
    shopper::{Shopper, location, thumb},
};

const DAY_S: i64 = 86_400;

on_both!(
    a_shopper_confirms_the_receipt_on_the_page,
    a_receipt_is_not_confirmed_while_a_parcel_follows,
    the_mini_program_confirms_what_wechat_confirms,
    a_pushed_settlement_counts_as_receipt,
    an_order_counts_as_received_when_its_time_is_over,
);

/// An order of goods that goes to an address, paid outside the mini program.
async fn paid(app: &TestApp) -> (Shopper, String) {
    let mut shopper = app.shopper().await;
    let order = shopper.order("mug-celadon-300", 1).await;
    let home = [
        ("to", "new"),
        ("name", "小王"),
        ("phone", "13800000000"),
        ("region", "上海市 徐汇区"),
        ("detail", "衡山路 1 号"),
    ];
    assert_eq!(shopper.post(&format!("/orders/{order}/delivery"), &home).await.status(), 303);
    let number = shopper.pay(&order).await;
    thumb(app, &number).await;
    app.until_state(&order, "paid").await;
    (shopper, order)
}

async fn is_received(app: &TestApp, order: &str) -> bool {
    let shipment = app.shop.shipping().shipment(&order.parse().unwrap()).await.unwrap();
    shipment.is_some_and(|shipment| shipment.received_ms.is_some())
}

async fn page(shopper: &mut Shopper, path: &str) -> String {
    let answer = shopper.get(path).await;
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.unwrap()
}

async fn received_events(app: &TestApp, order: &str, who: &str) -> i64 {
    app.database.count("events", &[("order_id", order), ("what", "received"), ("who", who)]).await
}

async fn a_shopper_confirms_the_receipt_on_the_page(database: Database) {
    let app = TestApp::start(database).await;
    let (mut shopper, order) = paid(&app).await;
    let (own, confirm) = (format!("/orders/{order}"), format!("/orders/{order}/received"));
    assert!(!page(&mut shopper, &own).await.contains("确认收货"));
    let early = shopper.post(&confirm, &[]).await;
    assert_eq!(early.status(), 409);
    assert!(early.text().await.unwrap().contains("订单还没有全部发货"));
    ship(&app, &order.parse().unwrap(), "顺丰", "SF1").await.unwrap();
    let shown = page(&mut shopper, &own).await;
    assert!(shown.contains(&format!("action=\"{confirm}\"")) && shown.contains("SF1"), "{shown}");
    let list = page(&mut shopper, "/orders?tab=shipped").await;
    assert!(list.contains(&order) && list.contains(&confirm), "{list}");
    let mut other = app.shopper().await;
    assert_eq!(other.post(&confirm, &[]).await.status(), 404);
    assert!(!is_received(&app, &order).await);
    let done = shopper.post(&confirm, &[]).await;
    assert_eq!((done.status().as_u16(), location(&done)), (303, own.clone()));
    // tapped twice
    assert_eq!(shopper.post(&confirm, &[]).await.status(), 303);
    assert_eq!(received_events(&app, &order, "shopper").await, 1);
    let shown = page(&mut shopper, &own).await;
    assert!(shown.contains("已收货") && !shown.contains(&confirm), "{shown}");
    assert!(!page(&mut shopper, "/orders?tab=shipped").await.contains(&order));
    let listed = async |view| {
        let filter = OrderFilter { view: Some(view), ..OrderFilter::default() };
        let (orders, _) = app.shop.admin().orders(&Staff::at_command_line(), &filter).await.unwrap();
        orders.iter().any(|listed| listed.id.as_str() == order)
    };
    assert!(listed(OrderView::Received).await && !listed(OrderView::Shipped).await);
    app.stop().await;
}

async fn a_receipt_is_not_confirmed_while_a_parcel_follows(database: Database) {
    let app = TestApp::start(database).await;
    let (mut shopper, order) = paid(&app).await;
    let id = order.parse().unwrap();
    let first = ParcelForm { more_follow: true, ..ParcelForm::only("顺丰", "SF1") };
    app.shop.shipping().ship(&owner(), &id, &first).await.unwrap();
    let confirm = format!("/orders/{order}/received");
    let shown = page(&mut shopper, &format!("/orders/{order}")).await;
    assert!(shown.contains("还有包裹没有发出") && !shown.contains(&confirm), "{shown}");
    assert_eq!(shopper.post(&confirm, &[]).await.status(), 409);
    // nor is its time over
    app.wait(11 * DAY_S).await;
    assert!(!is_received(&app, &order).await);
    app.shop.shipping().finish(&owner(), &id).await.unwrap();
    app.shop.shipping().finish(&owner(), &id).await.unwrap();
    assert_eq!(app.database.count("audit", &[("what", "ship")]).await, 2);
    assert_eq!(shopper.post(&confirm, &[]).await.status(), 303);
    assert!(is_received(&app, &order).await);
    app.stop().await;
}

async fn the_mini_program_confirms_what_wechat_confirms(database: Database) {
    // without pushed messages, only the question to WeChat can tell
    let silent = [("WECHAT_MINIPROGRAM_PUSH_TOKEN", ""), ("WECHAT_MINIPROGRAM_PUSH_AES_KEY", "")];
    let app = TestApp::start_with(database, &silent).await;
    let order = paid_order(&app).await;
    let path = format!("orders/{}/received", order.id);
    assert_eq!(post(&app, &path, &order.token, json!({})).await.0, 409);
    ship(&app, &order.id, "圆通", "YT1").await.unwrap();
    until_report(&app, &order.id, ReportState::Reported).await;
    let (status, answer) = post(&app, &path, &order.token, json!({})).await;
    assert_eq!((status, &answer["data"]["received"]), (200, &json!(false)), "WeChat does not say so");
    app.control("confirm-receipt", json!({ "out_trade_no": order.number })).await;
    let (status, answer) = post(&app, &path, &order.token, json!({})).await;
    assert_eq!((status, &answer["data"]["received"]), (200, &json!(true)), "{answer}");
    assert!(is_received(&app, order.id.as_str()).await);
    assert_eq!(report(&app, &order.id).await.wechat_state, WechatOrderState::Confirmed);
    assert_eq!(received_events(&app, order.id.as_str(), "wechat").await, 1);
    let again = post(&app, &path, &order.token, json!({})).await;
    assert_eq!((again.0, &again.1["data"]["received"]), (200, &json!(true)));
    app.stop().await;
}

async fn a_pushed_settlement_counts_as_receipt(database: Database) {
    let app = TestApp::start(database).await;
    let order = paid_order(&app).await;
    ship(&app, &order.id, "圆通", "YT1").await.unwrap();
    until_report(&app, &order.id, ReportState::Reported).await;
    assert!(!is_received(&app, order.id.as_str()).await);
    app.control("confirm-receipt", json!({ "out_trade_no": order.number })).await;
    app.until("the order is received", async || is_received(&app, order.id.as_str()).await).await;
    app.until("the shop has asked WeChat", async || {
        report(&app, &order.id).await.wechat_state == WechatOrderState::Confirmed
    })
    .await;
    let events = app.database.count("events", &[("order_id", order.id.as_str()), ("what", "received")]).await;
    assert_eq!(events, 1);
    app.stop().await;
}

async fn an_order_counts_as_received_when_its_time_is_over(database: Database) {
    let app = TestApp::start_with(database, &[("SHOP_RECEIPT_DAYS", "3")]).await;
    let (_, order) = paid(&app).await;
    let id = order.parse().unwrap();
    let first = ParcelForm { more_follow: true, ..ParcelForm::only("顺丰", "SF1") };
    app.shop.shipping().ship(&owner(), &id, &first).await.unwrap();
    app.wait(2 * DAY_S).await;
    let second = ParcelForm { position: 2, ..ParcelForm::only("顺丰", "SF2") };
    app.shop.shipping().ship(&owner(), &id, &second).await.unwrap();
    // the time begins with the last parcel
    app.wait(2 * DAY_S).await;
    assert!(!is_received(&app, &order).await);
    app.wait(DAY_S + 60).await;
    app.until("the order counts as received", async || is_received(&app, &order).await).await;
    assert_eq!(received_events(&app, &order, "clock").await, 1);
    app.until("no job is left", async || app.database.count("jobs", &[("kind", "receipt")]).await == 0).await;
    // a correction changes nothing of it
    let corrected = ParcelForm { is_correction: true, ..ParcelForm::only("顺丰", "SF9") };
    app.shop.shipping().ship(&owner(), &id, &corrected).await.unwrap();
    assert!(is_received(&app, &order).await);
    let missing = ParcelForm { position: 5, is_correction: true, ..ParcelForm::only("顺丰", "SF9") };
    let refused = app.shop.shipping().ship(&owner(), &id, &missing).await;
    assert!(matches!(refused, Err(ShopError::Changed)), "{refused:?}");
    app.stop().await;
}
