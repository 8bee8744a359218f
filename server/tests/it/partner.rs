//! Partner mode (服务商): a provider places the orders of this shop, whose merchant is paid.

use serde_json::{Value, json};
use test_support::Database;

use crate::{app::TestApp, deliveries::owner, on_both, shopper::thumb};

on_both!(
    a_provider_takes_payments_over_v2,
    a_provider_takes_payments_over_v3,
    shoppers_log_in_to_the_merchants_own_account_over_v2,
    shoppers_log_in_to_the_merchants_own_account_over_v3,
    another_sub_merchant_is_refused_with_its_name,
    a_complaint_about_the_merchant_is_answered,
);

const SUB: &str = "1900000209";
const PROVIDERS_APPID: &str = "wx1111111111111111";
const OWN_APPID: &str = "wx2222222222222222";

/// A provider with two merchants. The first has a service account of its own. Shoppers log in to the account `login`.
fn provider(login: &str) -> String {
    let other = if login == OWN_APPID { PROVIDERS_APPID } else { OWN_APPID };
    format!(
        r#"
        service_accounts = [{{ appid = "{login}" }}, {{ appid = "{other}" }}]
        miniprograms = []

        [[merchants]]
        mch_id = "1900000200"
        name = "服务商"
        sub_merchants = [{{ mch_id = "{SUB}", appids = ["{OWN_APPID}"] }}, {{ mch_id = "1900000210" }}]
        "#
    )
}

async fn start(database: Database, api: &str, login: &str) -> TestApp {
    let mut more = vec![("WECHAT_PAY_API", api), ("WECHAT_SUB_MCH_ID", SUB)];
    if api == "v2" {
        more.push(("WECHAT_API_V3_KEY", ""));
    }
    if login == OWN_APPID {
        more.extend([("WECHAT_APPID", PROVIDERS_APPID), ("WECHAT_SUB_APPID", OWN_APPID)]);
    }
    TestApp::start_seeded(database, &provider(login), &more).await
}

/// An order is paid and refunded, another is closed, and the bill agrees. Returns WeChat's row of the first.
async fn is_paid_refunded_and_closed(app: &TestApp) -> Value {
    // from eleven in the morning: everything happens on one day, which has one bill
    app.tomorrow().await;
    let (order, number) = app.shopper().await.about_to_pay("mug-celadon-300", 1).await;
    thumb(app, &number).await;
    app.until_state(&order, "paid").await;
    let by_notification = [("order_id", &*order), ("who", "notification")];
    assert_eq!(app.database.count("events", &by_notification).await, 1);
    let of_merchant = [("out_trade_no", &*number), ("mch_id", SUB), ("state", "paid")];
    assert_eq!(app.database.count("attempts", &of_merchant).await, 1);

    let back = shop::RefundRequest {
        out_trade_no: None,
        fee: None,
        reason: "试退".to_owned(),
        who: "test".to_owned(),
        out_refund_no: None,
        restock: false,
    };
    app.shop.refunds().refund(&order.parse().unwrap(), back).await.unwrap();
    app.control("clock", json!({ "advance_s": 5 })).await;
    app.until_state(&order, "refunded").await;

    // a query finds a payment without a notification
    app.control("notifications", json!({ "drop": true })).await;
    let (silent, number) = app.shopper().await.about_to_pay("test-sticker-1", 1).await;
    thumb(app, &number).await;
    app.clock.advance(3600);
    app.shop.jobs().run_due().await.unwrap();
    app.until_state(&silent, "paid").await;

    let (unpaid, number) = app.shopper().await.about_to_pay("test-sticker-1", 1).await;
    app.wait(3 * 3600).await;
    app.until("the attempt is closed", async || {
        app.wait(600).await;
        app.database.count("attempts", &[("out_trade_no", &*number), ("state", "closed")]).await == 1
    })
    .await;
    assert_eq!(app.at_wechat(&unpaid).await[0]["trade_state"], "CLOSED");

    let report = app.shop.reconciliation().compare_bill(app.tomorrow().await).await.unwrap();
    assert_eq!((report.sums.payments, report.sums.refunds), (2, 1), "{report:?}");
    assert!(report.discrepancies.is_empty() && report.foreign.is_empty(), "{report:?}");
    app.at_wechat(&order).await[0].clone()
}

async fn a_provider_takes_payments_over_v2(database: Database) {
    let app = start(database, "v2", PROVIDERS_APPID).await;
    is_paid_refunded_and_closed(&app).await;
    app.stop().await;
}

async fn a_provider_takes_payments_over_v3(database: Database) {
    let app = start(database, "v3", PROVIDERS_APPID).await;
    is_paid_refunded_and_closed(&app).await;
    app.stop().await;
}

async fn a_complaint_about_the_merchant_is_answered(database: Database) {
    let app = start(database, "v3", PROVIDERS_APPID).await;
    let (order, number) = app.paid("test-sticker-1").await;
    let made = app.control("complaints", json!({ "out_trade_no": number, "detail": "没有收到" })).await;
    let id = made["complaint_id"].as_str().unwrap();
    app.wait(300).await;
    app.until("the complaint is read", async || {
        app.wait(1).await;
        app.database.count("complaints", &[("id", id), ("order_id", &*order)]).await == 1
    })
    .await;
    let reply = shop::ComplaintAnswer {
        kind: model::complaint::ComplaintAnswerKind::Reply,
        text: "已补发".to_owned(),
        seen: 0,
    };
    app.shop.complaints().answer(&owner(), id, &reply).await.unwrap();
    let all = app.http.get(format!("{}/_simulator/complaints", app.wechat_url())).send().await.unwrap();
    let all: Value = all.json().await.unwrap();
    assert_eq!(all["complaints"][0]["complaint_state"], "PROCESSING", "{all}");
    app.stop().await;
}

async fn own_account(database: Database, api: &str) {
    let app = start(database, api, OWN_APPID).await;
    let order = is_paid_refunded_and_closed(&app).await;
    assert_eq!(order["appid"], OWN_APPID);
    app.stop().await;
}

async fn shoppers_log_in_to_the_merchants_own_account_over_v2(database: Database) {
    own_account(database, "v2").await;
}

async fn shoppers_log_in_to_the_merchants_own_account_over_v3(database: Database) {
    own_account(database, "v3").await;
}

async fn another_sub_merchant_is_refused_with_its_name(database: Database) {
    let mut app = start(database, "v3", PROVIDERS_APPID).await;
    let (order, number) = app.shopper().await.about_to_pay("test-sticker-1", 1).await;
    // the books belong to the merchant before: its attempts are not asked about with another number
    app.restart_with(&[("WECHAT_SUB_MCH_ID", "1900000210")]).await;
    thumb(&app, &number).await;
    app.until("the notification is answered", async || !app.answers(&order).await.is_empty()).await;
    assert_eq!(app.state(&order).await, "paid", "the notification names the merchant of its attempt");
    // a merchant that the provider does not have
    app.restart_with(&[("WECHAT_SUB_MCH_ID", "1900000299")]).await;
    let mut shopper = app.shopper().await;
    let order = shopper.order("test-sticker-1", 1).await;
    let (status, text) = shopper.call("pay", &format!("order {order}\n")).await;
    assert_ne!(status, 200, "{text}");
    app.stop().await;
}
