//! Orders that the shopper's balance pays, in whole or in part.

use serde_json::json;
use test_support::Database;

use crate::{
    app::{ADMIN, TestApp},
    console::text,
    miniprogram, on_both,
    shopper::{Shopper, location, thumb},
};

on_both!(
    the_balance_pays_a_part_and_refunds_return_both_ways,
    the_balance_pays_all_of_it_without_wechat,
    two_taps_pay_once,
    two_tabs_cannot_spend_the_same_balance,
    a_closed_order_returns_its_balance_once,
    a_payment_after_the_close_is_refunded_and_not_booked,
    a_spent_top_up_cannot_be_refunded,
    two_servers_do_not_spend_the_same_balance,
    the_mini_program_pays_with_the_balance,
);

const PEN: &str = "pen-brass-f";
const PRICE: i64 = 16_800;
const KEY: &str = "0123456789abcdef0123456789abcdef";

/// A shopper who has topped up.
pub(crate) async fn with_balance(app: &TestApp, fen: i64) -> Shopper {
    let mut shopper = app.shopper().await;
    top_up(app, &mut shopper, fen).await;
    shopper
}

/// Returns the order of the top-up.
async fn top_up(app: &TestApp, shopper: &mut Shopper, fen: i64) -> String {
    let before = balance(app, shopper).await;
    let answer = shopper.post("/api/wechat/pay/payWallet", &[("money", &fen.to_string())]).await;
    let answer: serde_json::Value = answer.json().await.unwrap();
    let number = answer["data"]["out_trade_no"].as_str().unwrap().to_owned();
    thumb(app, &number).await;
    app.until("the balance is topped up", async || balance(app, shopper).await == before + fen).await;
    number[..number.len() - 2].to_owned()
}

async fn balance(app: &TestApp, shopper: &Shopper) -> i64 {
    app.shop.store().balance(&shopper.openid.parse().unwrap()).await.unwrap().0
}

/// The form of the confirmation: `seen` is the balance that the page showed.
pub(crate) fn form<'a>(quantity: &'a str, seen: &'a str, key: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("sku", PEN),
        ("quantity", quantity),
        ("to", "pickup"),
        ("pickup_name", "小王"),
        ("pickup_phone", "13800000000"),
        ("balance", seen),
        ("key", key),
    ]
}

pub(crate) async fn placed(shopper: &mut Shopper, form: &[(&str, &str)]) -> String {
    let placed = location(&shopper.post("/orders", form).await);
    placed.split('/').nth(2).unwrap().to_owned()
}

/// What the books have: the balances are the sums of their changes.
async fn sums_agree(app: &TestApp) {
    let balances = app.database.sum("wallets", "balance", &[]).await;
    assert_eq!(balances, app.database.sum("wallet_moves", "amount", &[]).await);
}

async fn the_balance_pays_a_part_and_refunds_return_both_ways(database: Database) {
    let app = TestApp::start_with(database, &[ADMIN]).await;
    let mut shopper = with_balance(&app, 5_000).await;
    let page = text(&mut shopper, &format!("/orders/new?sku={PEN}&quantity=1")).await;
    assert!(page.contains("使用余额，可用 ¥50.00") && page.contains("name=\"key\""), "{page}");
    let order = placed(&mut shopper, &form("1", "5000", KEY)).await;
    assert_eq!(balance(&app, &shopper).await, 0, "the order reserves it");
    let page = text(&mut shopper, &format!("/orders/{order}/confirm")).await;
    for sum in ["168.00", "50.00", "118.00"] {
        assert!(page.contains(sum), "{sum}: {page}");
    }
    let number = shopper.pay(&order).await;
    assert_eq!(app.at_wechat(&order).await[0]["total_fee"], PRICE - 5_000);
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    sums_agree(&app).await;

    // a part returns in proportion; the rest returns what is left of both
    let (status, refund) = app.refund(&order, json!({ "refund_fee": 1_000, "reason": "x" })).await;
    assert_eq!((status, &refund["data"]["balance_fee"]), (200, &json!(298)), "{refund}");
    app.until_state(&order, "partly_refunded").await;
    assert_eq!(balance(&app, &shopper).await, 298);
    let (status, refund) = app.refund(&order, json!({ "reason": "x" })).await;
    assert_eq!((status, &refund["data"]["refund_fee"]), (200, &json!(PRICE - 1_000)), "{refund}");
    app.until_state(&order, "refunded").await;
    assert_eq!(balance(&app, &shopper).await, 5_000);
    let at_wechat = app.ledger().await;
    let refunded: i64 = at_wechat["refunds"]
        .as_array()
        .unwrap()
        .iter()
        .map(|refund| refund["refund_fee"].as_i64().unwrap())
        .sum();
    assert_eq!(refunded, PRICE - 5_000, "{at_wechat}");
    let page = text(&mut shopper, "/wallet").await;
    for word in ["充值", "支付订单", "订单退款"] {
        assert!(page.contains(word), "{word}: {page}");
    }
    sums_agree(&app).await;
    app.stop().await;
}

async fn the_balance_pays_all_of_it_without_wechat(database: Database) {
    let app = TestApp::start_with(database, &[ADMIN]).await;
    let mut shopper = with_balance(&app, 20_000).await;
    let mut confirmed = form("1", "20000", KEY);
    confirmed.push(("pay", "1"));
    let order = placed(&mut shopper, &confirmed).await;
    assert_eq!(app.state(&order).await, "paid");
    assert_eq!(balance(&app, &shopper).await, 20_000 - PRICE);
    assert!(app.at_wechat(&order).await.is_empty());
    let page = text(&mut shopper, &format!("/orders/{order}")).await;
    assert!(page.contains("已支付") && page.contains("余额支付"), "{page}");

    // the day's bill does not have it, and it is no discrepancy
    let day = app.tomorrow().await;
    let report = app.shop.reconciliation().compare_bill(day).await.unwrap();
    assert_eq!(report.discrepancies.len(), 0, "{report:?}");
    let (status, refund) = app.refund(&order, json!({ "reason": "x", "restock": true })).await;
    assert_eq!((status, &refund["data"]["state"]), (200, &json!("success")), "{refund}");
    assert_eq!(app.state(&order).await, "refunded");
    assert_eq!(balance(&app, &shopper).await, 20_000);
    assert_eq!(app.database.count("jobs", &[("kind", "refund")]).await, 0);
    sums_agree(&app).await;
    app.stop().await;
}

async fn two_taps_pay_once(database: Database) {
    let app = TestApp::start_with(database, &[ADMIN]).await;
    let mut shopper = with_balance(&app, 50_000).await;
    let confirmed = form("1", "50000", KEY);
    let first = placed(&mut shopper, &confirmed).await;
    assert_eq!(placed(&mut shopper, &confirmed).await, first);
    assert_eq!(balance(&app, &shopper).await, 50_000 - PRICE);
    // another page is another order
    let other = placed(&mut shopper, &form("1", "33200", "fedcba9876543210fedcba9876543210")).await;
    assert_ne!(other, first);
    assert_eq!(balance(&app, &shopper).await, 50_000 - 2 * PRICE);
    app.stop().await;
}

async fn two_tabs_cannot_spend_the_same_balance(database: Database) {
    let app = TestApp::start_with(database, &[ADMIN]).await;
    let before = app.stock(PEN).await;
    let mut shopper = with_balance(&app, 10_000).await;
    let first = placed(&mut shopper, &form("1", "10000", KEY)).await;
    let refused = shopper.post("/orders", &form("2", "10000", "fedcba9876543210fedcba9876543210")).await;
    assert_eq!(refused.status(), 409);
    let page = refused.text().await.unwrap();
    assert!(page.contains("余额有变化") && page.contains("小王"), "{page}");
    assert_eq!(app.stock(PEN).await, before - 1, "the refused order holds nothing");
    // without an attempt at WeChat the close is immediate
    assert_eq!(shopper.post(&format!("/orders/{first}/cancel"), &[]).await.status(), 303);
    assert_eq!(app.state(&first).await, "closed");
    assert_eq!(balance(&app, &shopper).await, 10_000);
    placed(&mut shopper, &form("2", "10000", "fedcba9876543210fedcba9876543210")).await;
    assert_eq!(balance(&app, &shopper).await, 0);
    sums_agree(&app).await;
    app.stop().await;
}

async fn a_closed_order_returns_its_balance_once(database: Database) {
    let app = TestApp::start_with(database, &[("SHOP_ORDER_EXPIRE_S", "600")]).await;
    let mut shopper = with_balance(&app, 3_000).await;
    let order = placed(&mut shopper, &form("1", "3000", KEY)).await;
    shopper.pay(&order).await;
    // WeChat does not answer: nothing is known, so the balance stays reserved
    app.control("faults", json!({ "endpoint": "*", "kind": "http_502" })).await;
    app.clock.advance(601);
    app.until_state(&order, "closing").await;
    assert_eq!(balance(&app, &shopper).await, 0);
    app.control("faults", json!({})).await;
    app.until("the order is closed", async || {
        app.clock.advance(10);
        app.state(&order).await == "closed"
    })
    .await;
    assert_eq!(balance(&app, &shopper).await, 3_000);
    let page = text(&mut shopper, "/wallet").await;
    assert!(page.contains("订单关闭，退回余额"), "{page}");
    sums_agree(&app).await;
    app.stop().await;
}

async fn a_payment_after_the_close_is_refunded_and_not_booked(database: Database) {
    let app = TestApp::start_with(database, &[("SHOP_ORDER_EXPIRE_S", "600")]).await;
    let mut shopper = with_balance(&app, 3_000).await;
    let order = placed(&mut shopper, &form("1", "3000", KEY)).await;
    let number = shopper.pay(&order).await;
    app.control("notifications", json!({ "drop": true })).await;
    // WeChat says CLOSED once, and is paid all the same
    let says_closed =
        json!({ "endpoint": "closeorder", "kind": "error", "code": "ORDERCLOSED", "message": "订单已关闭" });
    app.control("faults", says_closed).await;
    app.clock.advance(601);
    app.until_state(&order, "closed").await;
    app.control("faults", json!({})).await;
    assert_eq!(balance(&app, &shopper).await, 3_000);
    thumb(&app, &number).await;
    app.control("notifications", json!({})).await;
    app.control("clock", json!({ "advance_s": 20 })).await;
    app.until("the payment is refunded", async || {
        app.database.count("refunds", &[("state", "success")]).await == 1
    })
    .await;
    assert_eq!(app.state(&order).await, "closed");
    assert_eq!(app.database.sum("refunds", "refund_fee", &[]).await, PRICE - 3_000);
    assert_eq!(app.database.sum("refunds", "balance_fee", &[]).await, 0);
    assert_eq!(balance(&app, &shopper).await, 3_000, "the balance was not spent, so nothing of it returns");
    sums_agree(&app).await;
    app.stop().await;
}

async fn a_spent_top_up_cannot_be_refunded(database: Database) {
    let app = TestApp::start_with(database, &[ADMIN]).await;
    let mut shopper = app.shopper().await;
    let topped_up = top_up(&app, &mut shopper, 20_000).await;
    placed(&mut shopper, &form("1", "20000", KEY)).await;
    let (status, refused) = app.refund(&topped_up, json!({ "reason": "x" })).await;
    assert_eq!(status, 409, "{refused}");
    // the shopper can ask for what is still there
    let ask = format!("/orders/{topped_up}/refund-request");
    assert_eq!(shopper.post(&ask, &[("reason", "不需要了")]).await.status(), 303);
    let asked =
        app.shop.store().after_sale(&format!("{topped_up}S1").parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(asked.fee.0, 20_000 - PRICE);
    assert_eq!(shopper.post(&format!("{ask}/withdraw"), &[]).await.status(), 303);
    let (status, _) = app.refund(&topped_up, json!({ "refund_fee": 20_000 - PRICE, "reason": "x" })).await;
    assert_eq!(status, 200);
    app.until_state(&topped_up, "partly_refunded").await;
    assert_eq!(balance(&app, &shopper).await, 0);
    let refused = shopper.post(&ask, &[("reason", "不需要了")]).await;
    assert_eq!(refused.status(), 400);
    assert!(refused.text().await.unwrap().contains("这笔充值已经用完"));
    sums_agree(&app).await;
    app.stop().await;
}

async fn two_servers_do_not_spend_the_same_balance(database: Database) {
    let app = TestApp::start_with(database, &[ADMIN]).await;
    let other = app.second_shop().await;
    let shopper = with_balance(&app, PRICE).await;
    let openid: model::Shopper = shopper.openid.parse().unwrap();
    let line = |quantity: i64| shop::NewOrderLine {
        sku: PEN.parse().unwrap(),
        quantity: quantity.try_into().unwrap(),
    };
    let confirmation = || shop::Confirmation {
        price_seen: None,
        delivery: shop::Delivery {
            to: shop::Destination::Pickup(None),
            note: String::new(),
            freight_seen: None,
        },
        balance: Some(model::Fen(PRICE)),
        key: None,
    };
    let ip = std::net::IpAddr::from([127, 0, 0, 1]);
    let (one, two) = ([line(1)], [line(2)]);
    let (first, second) = tokio::join!(
        app.shop.checkout().place_to(&openid, &one, confirmation(), ip),
        other.checkout().place_to(&openid, &two, confirmation(), ip),
    );
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    assert_eq!(balance(&app, &shopper).await, 0);
    sums_agree(&app).await;
    app.stop().await;
}

async fn the_mini_program_pays_with_the_balance(database: Database) {
    let app = TestApp::start_with(database, &[ADMIN]).await;
    let token = miniprogram::log_in(&app).await;
    let address =
        json!({ "name": "小王", "phone": "13800000000", "region": "上海市 徐汇区", "detail": "某路 1 号" });
    let body = json!({
        "items": [{ "sku": PEN, "quantity": 1 }], "address": address, "balance": 20_000, "key": KEY,
    });
    let (status, refused) = miniprogram::post(&app, "pay", &token, body.clone()).await;
    assert_eq!((status, &refused["code"]), (409, &json!(40916)), "{refused}");
    // its shoppers have openids of their own, and no page to top up: the balance comes from the command line of the test
    let openid = app.database.connect().await.table("addresses").rows("shopper").await[0]["shopper"].clone();
    let id = app.shop.checkout().place_top_up(&openid.parse().unwrap(), model::Fen(20_000)).await.unwrap();
    let (_, link) = (id.clone(), app.shop.store().order(&id).await.unwrap().unwrap().link_key);
    let (_, paying) =
        miniprogram::post(&app, "pay", &token, json!({ "order": id.as_str(), "key": link })).await;
    thumb(&app, paying["data"]["out_trade_no"].as_str().unwrap()).await;
    app.until_state(id.as_str(), "paid").await;
    let (status, paid) = miniprogram::post(&app, "pay", &token, body.clone()).await;
    assert_eq!((status, &paid["data"]["paid"]), (200, &json!(true)), "{paid}");
    assert_eq!(paid["data"]["balance_fee"], PRICE);
    let (_, again) = miniprogram::post(&app, "pay", &token, body).await;
    assert_eq!(again["data"]["order"], paid["data"]["order"], "the same key is the same order");
    sums_agree(&app).await;
    app.stop().await;
}
