//! Browsers outside WeChat: guests, H5 and Native payments, order links.

use serde_json::json;

use test_support::Database;

use crate::{
    app::TestApp,
    on_both,
    shopper::{Shopper, location},
};

on_both!(
    a_guest_on_a_phone_pays_at_wechats_cashier,
    a_guest_at_a_desk_pays_with_a_code,
    the_cashiers_address_is_renewed_when_it_grows_old,
    an_order_that_is_paid_in_two_ways_at_once_gives_one_payment_back,
    an_older_open_attempt_is_closed_as_soon_as_wechat_allows_it,
    the_newer_attempt_does_not_stay_open_when_the_older_one_is_paid,
    one_address_can_create_a_limited_number_of_guests,
    the_link_of_an_order_allows_to_see_and_pay_it_only,
    a_guest_has_to_log_in_inside_wechat,
);

const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                     Version/17.5 Mobile/15E148 Safari/604.1";
const DESK: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";

async fn guest(app: &TestApp, agent: &str) -> Shopper {
    let mut guest = app.stranger().await;
    guest.agent = agent.to_owned();
    guest
}

/// What WeChat was asked about an order, in the order of its attempts.
async fn kinds(app: &TestApp, order: &str) -> Vec<String> {
    let orders = app.at_wechat(order).await;
    orders.iter().map(|order| order["trade_type"].as_str().unwrap().to_owned()).collect()
}

async fn a_guest_on_a_phone_pays_at_wechats_cashier(database: Database) {
    let app = TestApp::start(database).await;
    let mut guest = guest(&app, PHONE).await;
    let order = guest.order("test-sticker-1", 1).await;
    assert!(!guest.cookies.contains_key("openId"), "nobody has logged in");
    let cashier = location(&guest.post(&format!("/orders/{order}/pay"), &[]).await);
    assert!(cashier.contains("/cgi-bin/mmpayweb-bin/checkmweb?prepay_id="), "{cashier}");
    let back = format!("{}/orders/{order}/returned", app.url);
    let back = back.replace(':', "%3A").replace('/', "%2F").replace('.', "%2E");
    assert!(cashier.contains(&format!("&redirect_url={back}")), "{cashier}");
    assert_eq!(kinds(&app, &order).await, ["MWEB"]);
    let asked = guest.get(&format!("/orders/{order}/returned")).await.text().await.unwrap();
    assert!(asked.contains("我已完成支付") && asked.contains("重新支付"), "{asked}");
    // tapped again, it is the same attempt
    assert_eq!(location(&guest.post(&format!("/orders/{order}/pay"), &[]).await), cashier);
    let mweb_url = cashier.split("&redirect_url").next().unwrap();
    app.control("pay", json!({ "mweb_url": mweb_url, "outcome": "ok" })).await;
    app.until_state(&order, "paid").await;
    let returned = guest.get(&format!("/orders/{order}/returned")).await;
    assert_eq!(location(&returned), format!("/orders/{order}"));
    app.stop().await;
}

async fn a_guest_at_a_desk_pays_with_a_code(database: Database) {
    let app = TestApp::start(database).await;
    let mut guest = guest(&app, DESK).await;
    let order = guest.order("test-sticker-1", 1).await;
    let code = location(&guest.post(&format!("/orders/{order}/pay"), &[]).await);
    assert_eq!(code, format!("/orders/{order}/code"));
    let page = guest.get(&code).await.text().await.unwrap();
    assert!(page.contains("<svg") && page.contains("扫一扫"), "{page}");
    assert_eq!(kinds(&app, &order).await, ["NATIVE"]);
    let attempt = &app.shop.store().attempts_of(&order.parse().unwrap()).await.unwrap()[0];
    assert_eq!(attempt.openid, None);
    let code_url = attempt.pay_url.clone().unwrap();
    let payer = app.shopper().await.openid;
    app.control("pay", json!({ "code_url": code_url, "openid": payer, "outcome": "ok" })).await;
    app.until_state(&order, "paid").await;
    assert_eq!(location(&guest.get(&code).await), format!("/orders/{order}"));
    // the order is the guest's, never the payer's
    let mut payer = app.shopper().await;
    assert_eq!(payer.get(&format!("/orders/{order}")).await.status(), 404);
    app.stop().await;
}

async fn the_cashiers_address_is_renewed_when_it_grows_old(database: Database) {
    let app = TestApp::start(database).await;
    let mut guest = guest(&app, PHONE).await;
    let order = guest.order("test-sticker-1", 1).await;
    let first = location(&guest.post(&format!("/orders/{order}/pay"), &[]).await);
    app.clock.advance(270);
    app.control("clock", json!({ "advance_s": 270 })).await;
    let second = location(&guest.post(&format!("/orders/{order}/pay"), &[]).await);
    assert_ne!(first, second);
    assert_eq!(kinds(&app, &order).await, ["MWEB"], "the same order at WeChat, asked for once more");
    app.stop().await;
}

/// An order of a guest with an open H5 attempt, opened by its link and about to be paid in WeChat too.
async fn in_two_ways(app: &TestApp) -> (Shopper, Shopper, String, String) {
    let mut guest = guest(app, PHONE).await;
    let order = guest.order("test-sticker-1", 1).await;
    let cashier = location(&guest.post(&format!("/orders/{order}/pay"), &[]).await);
    let page = guest.get(&format!("/orders/{order}")).await.text().await.unwrap();
    let link = page.split(&format!("/orders/{order}/link/")).nth(1).unwrap().split('"').next().unwrap();
    let mut friend = app.shopper().await;
    let opened = friend.get(&format!("/orders/{order}/link/{link}?pay")).await;
    assert_eq!(location(&opened), format!("/orders/{order}/confirm#pay"));
    let number = friend.pay(&order).await;
    assert!(number.ends_with("02"), "{number}");
    assert_eq!(kinds(app, &order).await, ["MWEB", "JSAPI"]);
    (guest, friend, order, cashier.split("&redirect_url").next().unwrap().to_owned())
}

async fn an_order_that_is_paid_in_two_ways_at_once_gives_one_payment_back(database: Database) {
    let app = TestApp::start(database).await;
    let (mut guest, _, order, mweb_url) = in_two_ways(&app).await;
    app.control("pay", json!({ "mweb_url": mweb_url, "outcome": "ok" })).await;
    app.control("pay", json!({ "out_trade_no": format!("{order}02"), "outcome": "ok" })).await;
    app.until_state(&order, "paid").await;
    app.until("both are known", async || app.database.count("attempts", &[("state", "paid")]).await == 2)
        .await;
    app.wait(1).await;
    app.wait(30).await;
    app.until("one payment is given back", async || {
        let ledger = app.ledger().await;
        ledger["refunds"].as_array().unwrap().iter().any(|refund| refund["refund_status"] == "SUCCESS")
    })
    .await;
    assert_eq!(app.state(&order).await, "paid");
    let ledger = app.ledger().await;
    let refunds: Vec<_> = ledger["refunds"].as_array().unwrap().iter().collect();
    assert_eq!(refunds.len(), 1, "{refunds:?}");
    let database = app.database.connect().await;
    let resolved = async || {
        let rows = database.table("differences").with("kind", "second_payment");
        rows.like("resolution", "refunded: %").count().await
    };
    app.until("it is settled with the refund's success", async || {
        app.wait(60).await;
        resolved().await == 1
    })
    .await;
    let page = guest.get(&format!("/orders/{order}")).await.text().await.unwrap();
    assert!(page.contains("已支付"), "{page}");
    app.stop().await;
}

async fn an_older_open_attempt_is_closed_as_soon_as_wechat_allows_it(database: Database) {
    let app = TestApp::start(database).await;
    let (_, _, order, _) = in_two_ways(&app).await;
    app.control("pay", json!({ "out_trade_no": format!("{order}02"), "outcome": "ok" })).await;
    app.until_state(&order, "paid").await;
    app.wait(60).await;
    let trade_state = async || app.at_wechat(&order).await[0]["trade_state"].clone();
    assert_eq!(trade_state().await, "NOTPAY", "WeChat closes nothing in its first five minutes");
    app.wait(300).await;
    assert_eq!(trade_state().await, "CLOSED");
    let attempts = app.shop.store().attempts_of(&order.parse().unwrap()).await.unwrap();
    assert_eq!(attempts.iter().map(|attempt| attempt.state.as_str()).collect::<Vec<_>>(), ["closed", "paid"]);
    assert_eq!(app.state(&order).await, "paid");
    app.stop().await;
}

async fn the_newer_attempt_does_not_stay_open_when_the_older_one_is_paid(database: Database) {
    let app = TestApp::start(database).await;
    let (_, _, order, mweb_url) = in_two_ways(&app).await;
    app.control("pay", json!({ "mweb_url": mweb_url, "outcome": "ok" })).await;
    app.until_state(&order, "paid").await;
    // at the end of the order's time
    app.wait(1801).await;
    let states = app.at_wechat(&order).await;
    let states: Vec<_> = states.iter().map(|attempt| attempt["trade_state"].as_str().unwrap()).collect();
    assert_eq!(states, ["SUCCESS", "CLOSED"]);
    assert_eq!(app.state(&order).await, "paid");
    app.stop().await;
}

async fn one_address_can_create_a_limited_number_of_guests(database: Database) {
    let app = TestApp::start(database).await;
    let form = [("sku", "test-sticker-1"), ("quantity", "1")];
    let mut refused = 0;
    for _ in 0..40 {
        let answer = guest(&app, DESK).await.post("/orders", &form).await;
        refused += u32::from(answer.status() == 429);
    }
    assert!((5..=10).contains(&refused), "{refused}");
    // who is somebody already is not concerned
    app.shopper().await.order("test-sticker-1", 1).await;
    app.stop().await;
}

async fn the_link_of_an_order_allows_to_see_and_pay_it_only(database: Database) {
    let app = TestApp::start(database).await;
    let mut owner = app.shopper().await;
    let order = owner.order("test-sticker-1", 1).await;
    let home = [
        ("to", "new"),
        ("name", "小王"),
        ("phone", "13800000000"),
        ("region", "上海"),
        ("detail", "衡山路 1 号"),
    ];
    assert_eq!(owner.post(&format!("/orders/{order}/delivery"), &home).await.status(), 303);
    let page = owner.get(&format!("/orders/{order}")).await.text().await.unwrap();
    let key =
        page.split(&format!("/orders/{order}/link/")).nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(key.len(), 32);
    let own = owner.get(&format!("/orders/{order}/link/{key}")).await;
    assert_eq!(location(&own), format!("/orders/{order}"));

    let mut friend = app.shopper().await;
    for guess in ["", "0", &"a".repeat(32), &key[..31]] {
        let answer = friend.get(&format!("/orders/{order}/link/{guess}")).await;
        assert_eq!(answer.status(), 404, "{guess:?}");
    }
    assert_eq!(friend.get(&format!("/orders/{order}")).await.status(), 404);
    assert_eq!(friend.get(&format!("/orders/{order}/link/{key}")).await.status(), 303);
    let seen = friend.get(&format!("/orders/{order}")).await.text().await.unwrap();
    assert!(
        !seen.contains("衡山路") && !seen.contains("/link/"),
        "the address and the link stay the owner's"
    );
    for (path, status) in [("cancel", 404), ("again", 404), ("delivery", 404)] {
        let answer = friend.post(&format!("/orders/{order}/{path}"), &[("to", "pickup")]).await;
        assert_eq!(answer.status(), status, "{path}");
    }
    assert!(friend.get("/orders").await.text().await.unwrap().contains("还没有订单"));
    let number = friend.pay(&order).await;
    crate::shopper::thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    let bill = app.at_wechat(&order).await;
    assert_eq!(bill[0]["openid"], friend.openid);
    app.stop().await;
}

async fn a_guest_has_to_log_in_inside_wechat(database: Database) {
    let app = TestApp::start(database).await;
    let mut guest = guest(&app, DESK).await;
    let order = guest.order("test-sticker-1", 1).await;
    // the same cookies in WeChat: a login comes first
    let in_wechat = app.stranger().await.agent;
    guest.agent = in_wechat;
    let answer = guest.get(&format!("/orders/{order}")).await;
    assert!(location(&answer).starts_with("/api/wechat/redirect?"), "{}", location(&answer));
    let (status, text) = guest.call("pay", &format!("order {order}\n")).await;
    assert_eq!(status, 401, "{text}");
    // and a balance belongs to somebody whom WeChat knows
    guest.agent = DESK.to_owned();
    assert_eq!(guest.get("/wallet").await.status(), 403);
    assert_eq!(guest.post("/wallet", &[("yuan", "1")]).await.status(), 403);
    app.stop().await;
}
