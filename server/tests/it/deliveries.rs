//! Deliveries of orders that were paid in the mini program: each is reported to WeChat once, whatever happens.

use model::{
    OrderId,
    delivery::{ReportState, WechatOrderState},
    record::DeliveryReportRecord,
};
use serde_json::{Value, json};
use shop::{AfterSaleForm, AfterSaleRefund, ParcelForm, Role, ShopError, Staff};

use test_support::Database;

use crate::{
    app::TestApp,
    console::{post as post_form, signed},
    miniprogram::{log_in, post},
    on_both,
    shopper::{Shopper, thumb},
};

const MUG: &str = "mug-celadon-300";

const HOME: [(&str, &str); 5] = [
    ("to", "new"),
    ("name", "小王"),
    ("phone", "13800001234"),
    ("region", "上海市 徐汇区"),
    ("detail", "衡山路 1 号"),
];

on_both!(
    a_delivery_is_reported_after_staff_ship_it,
    a_payment_outside_the_mini_program_is_not_reported,
    after_a_timeout_wechat_is_asked_and_nothing_is_sent_twice,
    an_upload_that_did_not_arrive_is_sent_again,
    an_interrupted_upload_is_asked_about,
    a_report_waits_while_the_quota_is_used,
    a_token_that_ends_in_the_middle_is_renewed,
    a_tracking_number_can_be_corrected_once,
    two_staff_who_ship_at_once_make_one_report,
    an_order_has_fifteen_parcels_at_most,
    a_single_parcel_that_was_one_of_several_keeps_its_mode,
    a_pickup_is_reported_as_one,
    a_top_up_is_reported_as_virtual_goods,
    a_carrier_that_wechat_does_not_know_is_refused_on_the_page,
    a_report_without_a_telephone_number_is_refused_with_advice,
    an_order_that_is_not_reported_in_time_is_an_alarm,
    a_payment_that_wechat_does_not_know_yet_is_reported_later,
);

pub(crate) fn owner() -> Staff {
    Staff { name: "tester".parse().unwrap(), role: Role::Owner }
}

/// An order that was paid in the mini program.
pub(crate) struct Order {
    pub(crate) id: OrderId,
    pub(crate) number: String,
    /// Who placed it, in the web view.
    pub(crate) shopper: Shopper,
    /// The token of its payer in the mini program.
    pub(crate) token: String,
}

/// An order that goes to an address, placed in the web view and paid in the mini program.
pub(crate) async fn paid_order(app: &TestApp) -> Order {
    let mut shopper = app.shopper().await;
    let order = shopper.order(MUG, 1).await;
    assert_eq!(shopper.post(&format!("/orders/{order}/delivery"), &HOME).await.status(), 303);
    paid_by_link(app, shopper, &order).await
}

async fn paid_by_link(app: &TestApp, shopper: Shopper, order: &str) -> Order {
    let (openid, id) = (shopper.openid.parse().unwrap(), order.parse().unwrap());
    let link = app.shop.orders().order_link(&openid, &id).await.unwrap().unwrap();
    let token = log_in(app).await;
    let key = link.rsplit('/').next().unwrap();
    let (status, answer) = post(app, "pay", &token, json!({ "order": order, "key": key })).await;
    assert_eq!(status, 200, "{answer}");
    let number = answer["data"]["out_trade_no"].as_str().unwrap().to_owned();
    thumb(app, &number).await;
    app.until_state(order, "paid").await;
    Order { id, number, shopper, token }
}

pub(crate) async fn ship(app: &TestApp, id: &OrderId, carrier: &str, number: &str) -> Result<(), ShopError> {
    app.shop.shipping().ship(&owner(), id, &ParcelForm::only(carrier, number)).await
}

async fn correct(app: &TestApp, id: &OrderId, number: &str) -> Result<(), ShopError> {
    let form = ParcelForm { is_correction: true, ..ParcelForm::only("圆通", number) };
    app.shop.shipping().ship(&owner(), id, &form).await
}

pub(crate) async fn report(app: &TestApp, id: &OrderId) -> DeliveryReportRecord {
    app.shop.store().delivery_report(id).await.unwrap().expect("the order has a report")
}

/// Waits until the report has this state; both clocks move on, so that a report that failed is tried again.
pub(crate) async fn until_report(app: &TestApp, id: &OrderId, state: ReportState) {
    app.until(&format!("the report is {state}"), async || {
        if report(app, id).await.state == state {
            return true;
        }
        app.wait(10).await;
        false
    })
    .await;
}

/// The requests that WeChat got for a call.
async fn calls(app: &TestApp, name: &str) -> Vec<Value> {
    let url = format!("{}/_simulator/requests", app.wechat_url());
    let log: Value = app.http.get(url).send().await.unwrap().json().await.unwrap();
    let path = format!("/wxa/sec/order/{name}");
    let of_call = |entry: &&Value| entry["path"].as_str().is_some_and(|text| text.starts_with(&path));
    log["requests"].as_array().unwrap().iter().filter(of_call).cloned().collect()
}

/// The bodies of the uploads.
async fn uploads(app: &TestApp) -> Vec<Value> {
    let body = |entry: &Value| serde_json::from_str(entry["request"].as_str().unwrap()).unwrap();
    calls(app, "upload_shipping_info").await.iter().map(body).collect()
}

async fn fault(app: &TestApp, fault: Value) {
    let mut all = fault;
    all["endpoint"] = "upload_shipping_info".into();
    app.control("faults", all).await;
}

async fn page(browser: &mut Shopper, path: &str) -> String {
    let answer = browser.get(path).await;
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.unwrap()
}

async fn a_delivery_is_reported_after_staff_ship_it(database: Database) {
    let app = TestApp::start(database).await;
    let order = paid_order(&app).await;
    let mut browser = signed(&app, "anna", Role::Owner).await;
    let path = format!("/console/orders/{}", order.id);
    assert!(page(&mut browser, &path).await.contains("未录入"));
    assert_eq!(report(&app, &order.id).await.state, ReportState::ToShip);
    ship(&app, &order.id, "顺丰", " SF 123 456 ").await.unwrap();
    until_report(&app, &order.id, ReportState::Reported).await;
    let row = report(&app, &order.id).await;
    assert_eq!((row.wechat_state, row.is_unanswered, &*row.code), (WechatOrderState::Shipped, false, ""));
    assert!(row.reported_ms.is_some());
    let uploads = uploads(&app).await;
    assert_eq!(uploads.len(), 1);
    let upload = &uploads[0];
    assert_eq!((&upload["logistics_type"], &upload["delivery_mode"]), (&json!(1), &json!(1)));
    let parcel = &upload["shipping_list"][0];
    assert_eq!(parcel["express_company"], "SF");
    assert_eq!(parcel["tracking_no"], "SF123456");
    assert_eq!(parcel["contact"], json!({ "receiver_contact": "138****1234" }));
    assert!(parcel["item_desc"].as_str().unwrap().contains("×1"), "{parcel}");
    // the shopper reads WeChat's name of the carrier
    let shipment = app.shop.shipping().shipment(&order.id).await.unwrap().unwrap();
    assert_eq!(shipment.parcels[0].carrier, "顺丰速运");
    let shown = page(&mut browser, &path).await;
    assert!(shown.contains("已录入") && shown.contains("微信已有全部物流信息"), "{shown}");
    browser.post("/console/language", &[("to", "en")]).await;
    assert!(page(&mut browser, &path).await.contains("WeChat has everything"));
    let accepted = [("order_id", order.id.as_str()), ("what", "report_accepted")];
    assert_eq!(app.database.count("events", &accepted).await, 1);
    // the same parcel again is nothing new
    ship(&app, &order.id, "SF", "SF123456").await.unwrap();
    assert_eq!(report(&app, &order.id).await.version, 1);
    app.stop().await;
}

async fn a_payment_outside_the_mini_program_is_not_reported(database: Database) {
    let app = TestApp::start(database).await;
    let (order, _) = app.paid(MUG).await;
    let id = order.parse().unwrap();
    // any carrier will do: nobody asks WeChat about it
    ship(&app, &id, "飞毛腿", "1").await.unwrap();
    app.wait(60).await;
    assert_eq!(app.shop.store().delivery_report(&id).await.unwrap(), None);
    assert_eq!(uploads(&app).await.len(), 0);
    app.stop().await;
}

async fn after_a_timeout_wechat_is_asked_and_nothing_is_sent_twice(database: Database) {
    let app = TestApp::start(database).await;
    let order = paid_order(&app).await;
    fault(&app, json!({ "kind": "timeout_after", "seconds": 30, "times": 1 })).await;
    ship(&app, &order.id, "圆通", "YT1").await.unwrap();
    app.until("the upload has no answer", async || {
        let row = report(&app, &order.id).await;
        row.is_unanswered && !row.message.is_empty()
    })
    .await;
    assert_eq!(report(&app, &order.id).await.state, ReportState::Waiting);
    until_report(&app, &order.id, ReportState::Reported).await;
    assert_eq!(uploads(&app).await.len(), 1, "the answer of get_order counts");
    assert_eq!(calls(&app, "get_order").await.len(), 1);
    app.stop().await;
}

async fn an_upload_that_did_not_arrive_is_sent_again(database: Database) {
    let app = TestApp::start(database).await;
    let order = paid_order(&app).await;
    fault(&app, json!({ "kind": "http_502", "times": 1 })).await;
    ship(&app, &order.id, "圆通", "YT1").await.unwrap();
    until_report(&app, &order.id, ReportState::Reported).await;
    let uploads = uploads(&app).await;
    assert_eq!(uploads.len(), 2);
    assert!(uploads[0]["upload_time"].as_str() < uploads[1]["upload_time"].as_str(), "{uploads:?}");
    app.stop().await;
}

async fn an_interrupted_upload_is_asked_about(database: Database) {
    let app = TestApp::start(database).await;
    let order = paid_order(&app).await;
    ship(&app, &order.id, "圆通", "YT1").await.unwrap();
    until_report(&app, &order.id, ReportState::Reported).await;
    app.until("the job is done", async || {
        app.database.count("jobs", &[("kind", "delivery_report")]).await == 0
    })
    .await;
    // as if the server had stopped after WeChat's answer: the upload has begun, and no outcome is stored
    let of_order = [("order_id", order.id.as_str())];
    app.database.set("delivery_reports", "state", "waiting", &of_order).await;
    app.database.set("delivery_reports", "is_unanswered", 1, &of_order).await;
    let subject = format!("{}.1", order.id);
    let job = [
        ("id", format!("delivery_report:{subject}").into()),
        ("kind", "delivery_report".into()),
        ("subject", subject.into()),
        ("run_ms", 0.into()),
        ("tries", 1.into()),
        ("leased_ms", 0.into()),
        ("lease", "".into()),
        ("last_error", "".into()),
    ];
    app.database.insert("jobs", &job).await;
    until_report(&app, &order.id, ReportState::Reported).await;
    assert!(!report(&app, &order.id).await.is_unanswered);
    assert_eq!(uploads(&app).await.len(), 1);
    app.stop().await;
}

async fn a_report_waits_while_the_quota_is_used(database: Database) {
    let app = TestApp::start(database).await;
    let order = paid_order(&app).await;
    fault(
        &app,
        json!({ "kind": "error", "code": "45009", "message": "reach max api daily quota limit", "times": 1 }),
    )
    .await;
    ship(&app, &order.id, "圆通", "YT1").await.unwrap();
    app.until("the quota is used", async || report(&app, &order.id).await.code == "45009").await;
    let row = report(&app, &order.id).await;
    assert_eq!((row.state, row.is_unanswered), (ReportState::Waiting, false));
    until_report(&app, &order.id, ReportState::Reported).await;
    assert_eq!((uploads(&app).await.len(), &*report(&app, &order.id).await.code), (2, ""));
    app.stop().await;
}

async fn a_token_that_ends_in_the_middle_is_renewed(database: Database) {
    let app = TestApp::start(database).await;
    let order = paid_order(&app).await;
    fault(&app, json!({ "kind": "error", "code": "42001", "message": "access_token expired", "times": 1 }))
        .await;
    ship(&app, &order.id, "圆通", "YT1").await.unwrap();
    until_report(&app, &order.id, ReportState::Reported).await;
    assert_eq!(uploads(&app).await.len(), 2);
    app.stop().await;
}

async fn a_tracking_number_can_be_corrected_once(database: Database) {
    let app = TestApp::start(database).await;
    let order = paid_order(&app).await;
    ship(&app, &order.id, "圆通", "YT1").await.unwrap();
    until_report(&app, &order.id, ReportState::Reported).await;
    correct(&app, &order.id, "YT2").await.unwrap();
    until_report(&app, &order.id, ReportState::Reported).await;
    assert_eq!(report(&app, &order.id).await.version, 2);
    correct(&app, &order.id, "YT3").await.unwrap();
    until_report(&app, &order.id, ReportState::Refused).await;
    let row = report(&app, &order.id).await;
    assert_eq!((&*row.code, row.wechat_state), ("10060003", WechatOrderState::Shipped));
    // it is not repeated for ever
    app.wait(3600).await;
    app.wait(3600).await;
    let numbers: Vec<Value> =
        uploads(&app).await.iter().map(|upload| upload["shipping_list"][0]["tracking_no"].clone()).collect();
    assert_eq!(numbers, ["YT1", "YT2", "YT3"]);
    let mut browser = signed(&app, "anna", Role::Owner).await;
    let shown = page(&mut browser, &format!("/console/orders/{}", order.id)).await;
    assert!(shown.contains("10060003") && shown.contains("微信只接受一次修改"), "{shown}");
    // WeChat has a delivery, so the money is not in danger
    assert_eq!(app.shop.admin().to_do().await.unwrap().to_report, 0);
    app.stop().await;
}

async fn two_staff_who_ship_at_once_make_one_report(database: Database) {
    let app = TestApp::start(database).await;
    let order = paid_order(&app).await;
    let (one, other) =
        tokio::join!(ship(&app, &order.id, "圆通", "YT1"), ship(&app, &order.id, "YTO", "YT 1"));
    assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
    until_report(&app, &order.id, ReportState::Reported).await;
    app.wait(60).await;
    assert_eq!(uploads(&app).await.len(), 1);
    // another number is no second first parcel
    let third = ship(&app, &order.id, "圆通", "YT9").await;
    assert!(matches!(third, Err(ShopError::Changed)), "{third:?}");
    let next = paid_order(&app).await;
    let (one, other) = tokio::join!(ship(&app, &next.id, "圆通", "YT1"), ship(&app, &next.id, "圆通", "YT2"));
    assert_eq!([&one, &other].iter().filter(|done| done.is_ok()).count(), 1, "{one:?} {other:?}");
    until_report(&app, &next.id, ReportState::Reported).await;
    assert_eq!(uploads(&app).await.len(), 2);
    app.stop().await;
}

async fn an_order_has_fifteen_parcels_at_most(database: Database) {
    let app = TestApp::start(database).await;
    let mut order = paid_order(&app).await;
    let parcel = |position: i64| ParcelForm {
        position,
        more_follow: position < 15,
        ..ParcelForm::only("圆通", &format!("YT{position:02}"))
    };
    let send = async |position| app.shop.shipping().ship(&owner(), &order.id, &parcel(position)).await;
    send(1).await.unwrap();
    until_report(&app, &order.id, ReportState::Reported).await;
    let row = report(&app, &order.id).await;
    assert_eq!((row.reported_ms, row.wechat_state), (None, WechatOrderState::Unshipped), "parcels follow");
    assert!(matches!(send(3).await, Err(ShopError::Changed)), "the second is missing");
    for position in 2..=15 {
        send(position).await.unwrap();
    }
    for wrong in [0, 16] {
        assert!(matches!(send(wrong).await, Err(ShopError::Invalid(_))), "{wrong}");
    }
    app.until("everything is reported", async || {
        app.wait(1).await;
        report(&app, &order.id).await.reported_ms.is_some()
    })
    .await;
    let uploads = uploads(&app).await;
    let last = uploads.last().unwrap();
    assert_eq!((&last["delivery_mode"], &last["is_all_delivered"]), (&json!(2), &json!(true)));
    assert_eq!(last["shipping_list"].as_array().unwrap().len(), 15);
    assert_eq!(uploads[0]["is_all_delivered"], json!(false));
    let path = format!("/orders/{}", order.id);
    let shown = page(&mut order.shopper, &path).await;
    assert!(shown.contains("YT01") && shown.contains("YT15"), "{shown}");
    let mut browser = signed(&app, "anna", Role::Owner).await;
    let console = page(&mut browser, &format!("/console/orders/{}", order.id)).await;
    assert!(console.contains("YT07") && !console.contains("再发一个包裹"), "{console}");
    let csv = post_form(&mut browser, "/console/orders.csv", &[]).await.1;
    assert!(csv.contains("YT01；YT02"), "{csv}");
    app.stop().await;
}

async fn a_single_parcel_that_was_one_of_several_keeps_its_mode(database: Database) {
    let app = TestApp::start(database).await;
    let order = paid_order(&app).await;
    let first = ParcelForm { more_follow: true, ..ParcelForm::only("圆通", "YT1") };
    app.shop.shipping().ship(&owner(), &order.id, &first).await.unwrap();
    until_report(&app, &order.id, ReportState::Reported).await;
    let mut browser = signed(&app, "anna", Role::Clerk).await;
    let path = format!("/console/orders/{}", order.id);
    assert!(page(&mut browser, &path).await.contains("已录入一部分"));
    let done = post_form(&mut browser, &format!("{path}/finish"), &[]).await;
    assert_eq!(done, (303, format!("{path}?done=finished")));
    app.until("everything is reported", async || report(&app, &order.id).await.reported_ms.is_some()).await;
    let modes: Vec<_> = uploads(&app)
        .await
        .iter()
        .map(|upload| (upload["delivery_mode"].clone(), upload["is_all_delivered"].clone()))
        .collect();
    // a change of the mode would use up the one correction
    assert_eq!(modes, [(json!(2), json!(false)), (json!(2), json!(true))]);
    correct(&app, &order.id, "YT2").await.unwrap();
    until_report(&app, &order.id, ReportState::Reported).await;
    app.stop().await;
}

async fn a_pickup_is_reported_as_one(database: Database) {
    let app = TestApp::start(database).await;
    let shopper = app.shopper().await;
    let order = shopper.clone().order(MUG, 2).await;
    let order = paid_by_link(&app, shopper, &order).await;
    let mut browser = signed(&app, "anna", Role::Clerk).await;
    let path = format!("/console/orders/{}", order.id);
    let shown = page(&mut browser, &path).await;
    assert!(shown.contains("/hand-over") && shown.contains("确认取货"), "{shown}");
    let overview = page(&mut browser, "/console").await;
    assert!(overview.contains("<strong>1</strong><span>待取货</span>"), "{overview}");
    assert!(overview.contains("<strong>0</strong><span>待发货</span>"), "{overview}");
    let done = post_form(&mut browser, &format!("{path}/hand-over"), &[]).await;
    assert_eq!(done, (303, format!("{path}?done=handed-over")));
    // tapped twice
    assert_eq!(post_form(&mut browser, &format!("{path}/hand-over"), &[]).await.0, 303);
    until_report(&app, &order.id, ReportState::Reported).await;
    let uploads = uploads(&app).await;
    assert_eq!((uploads.len(), &uploads[0]["logistics_type"]), (1, &json!(4)));
    assert!(uploads[0]["shipping_list"][0].get("tracking_no").is_none(), "{uploads:?}");
    let shipment = app.shop.shipping().shipment(&order.id).await.unwrap().unwrap();
    assert!(shipment.received_ms.is_some() && shipment.parcels.is_empty());
    assert!(page(&mut browser, &path).await.contains("已取货"));
    app.stop().await;
}

async fn a_top_up_is_reported_as_virtual_goods(database: Database) {
    let app = TestApp::start(database).await;
    let shopper = app.shopper().await;
    let openid = shopper.openid.parse().unwrap();
    let id = app.shop.checkout().place_top_up(&openid, model::Fen(500)).await.unwrap();
    let order = paid_by_link(&app, shopper, id.as_str()).await;
    until_report(&app, &order.id, ReportState::Reported).await;
    let uploads = uploads(&app).await;
    assert_eq!((uploads.len(), &uploads[0]["logistics_type"]), (1, &json!(3)));
    app.stop().await;
}

async fn a_carrier_that_wechat_does_not_know_is_refused_on_the_page(database: Database) {
    let app = TestApp::start(database).await;
    let order = paid_order(&app).await;
    let mut browser = signed(&app, "anna", Role::Clerk).await;
    let path = format!("/console/orders/{}", order.id);
    let form = [("parcel", "1"), ("carrier", "飞毛腿"), ("tracking_no", "FM 77"), ("more", "1")];
    let (status, shown) = post_form(&mut browser, &format!("{path}/ship"), &form).await;
    assert_eq!(status, 400, "{shown}");
    for part in ["微信没有这家快递公司", "value=\"飞毛腿\"", "value=\"FM 77\"", "checked"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let odd = [("parcel", "x"), ("carrier", "圆通"), ("tracking_no", "FM77")];
    let (status, shown) = post_form(&mut browser, &format!("{path}/ship"), &odd).await;
    assert!(status == 400 && shown.contains("包裹编号应为 1 到 15"), "{status} {shown}");
    assert_eq!(app.shop.shipping().shipment(&order.id).await.unwrap(), None);
    // the list was read once; a known carrier needs no other call
    let form = [("parcel", "1"), ("carrier", "yto"), ("tracking_no", "FM77")];
    assert_eq!(post_form(&mut browser, &format!("{path}/ship"), &form).await.0, 303);
    until_report(&app, &order.id, ReportState::Reported).await;
    assert_eq!(app.database.count("delivery_companies", &[("id", "YTO")]).await, 1);
    // without WeChat's list, the suggested carriers are known
    let next = paid_order(&app).await;
    app.database.set("delivery_companies", "read_ms", 0, &[]).await;
    app.database.set("delivery_companies", "name", "x", &[]).await;
    app.database.set("delivery_companies", "id", "OLD", &[("id", "SF")]).await;
    app.control("faults", json!({ "endpoint": "get_delivery_list", "kind": "http_502" })).await;
    let unknown = ship(&app, &next.id, "飞毛腿", "1").await;
    assert!(matches!(unknown, Err(ShopError::WechatBusy(_))), "{unknown:?}");
    ship(&app, &next.id, "顺丰", "SF1").await.unwrap();
    app.stop().await;
}

async fn a_report_without_a_telephone_number_is_refused_with_advice(database: Database) {
    let app = TestApp::start(database).await;
    let shopper = app.shopper().await;
    let order = shopper.clone().order(MUG, 1).await;
    let order = paid_by_link(&app, shopper, &order).await;
    ship(&app, &order.id, "顺丰", "SF1").await.unwrap();
    until_report(&app, &order.id, ReportState::Refused).await;
    assert_eq!(uploads(&app).await.len(), 0);
    assert_eq!(app.shop.admin().to_do().await.unwrap().to_report, 1, "staff have to act at once");
    let mut browser = signed(&app, "anna", Role::Owner).await;
    let path = format!("/console/orders/{}", order.id);
    let shown = page(&mut browser, &path).await;
    assert!(shown.contains("顺丰需要收件人的电话") && shown.contains("重新录入"), "{shown}");
    // staff ask for it again, and then use another carrier
    assert_eq!(post_form(&mut browser, &format!("{path}/report"), &[]).await.0, 303);
    until_report(&app, &order.id, ReportState::Refused).await;
    assert_eq!(app.database.count("audit", &[("what", "report delivery")]).await, 1);
    correct(&app, &order.id, "YT1").await.unwrap();
    until_report(&app, &order.id, ReportState::Reported).await;
    assert_eq!(app.shop.admin().to_do().await.unwrap().to_report, 0);
    app.stop().await;
}

async fn an_order_that_is_not_reported_in_time_is_an_alarm(database: Database) {
    let app = TestApp::start_with(database, &[crate::app::ADMIN]).await;
    let order = paid_order(&app).await;
    // an order whose whole money went back needs no report
    let back = paid_order(&app).await;
    assert_eq!(app.refund(back.id.as_str(), json!({ "reason": "x" })).await.0, 200);
    app.wait(60).await;
    app.until_state(back.id.as_str(), "refunded").await;
    assert_eq!(report(&app, &back.id).await.state, ReportState::NotNeeded);
    // an order whose piece is in the stock again has no delivery, although the shop keeps a part of the money
    let kept = paid_order(&app).await;
    let who = kept.shopper.openid.parse().unwrap();
    let form = AfterSaleForm { lines: vec![(1, 1)], ..AfterSaleForm::whole("x") };
    let id = app.shop.after_sales().apply(&who, &kept.id, form).await.unwrap();
    let refund = AfterSaleRefund { fee: Some(model::Fen(5000)), restock: true, ..AfterSaleRefund::default() };
    app.shop.after_sales().refund(&owner(), &id, refund).await.unwrap();
    app.wait(60).await;
    app.until_state(kept.id.as_str(), "partly_refunded").await;
    let metric = async || {
        let text = app.http.get(format!("{}/metrics", app.url)).send().await.unwrap().text().await.unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix("shop_deliveries_unreported "));
        line.expect("the gauge is there").to_owned()
    };
    assert_eq!((metric().await.as_str(), app.shop.admin().to_do().await.unwrap().to_report), ("0", 0));
    let mut browser = signed(&app, "anna", Role::Owner).await;
    assert!(!page(&mut browser, "/console").await.contains("发货信息未录入"), "nothing is late");
    app.clock.advance(37 * 3600);
    browser = signed(&app, "bert", Role::Owner).await;
    assert_eq!((metric().await.as_str(), app.shop.admin().to_do().await.unwrap().to_report), ("1", 1));
    let shown = page(&mut browser, "/console/orders?view=to_report").await;
    assert!(shown.contains(order.id.as_str()), "{shown}");
    assert!(page(&mut browser, "/console").await.contains("/console/orders?view=to_report"));
    ship(&app, &order.id, "圆通", "YT1").await.unwrap();
    until_report(&app, &order.id, ReportState::Reported).await;
    assert_eq!((metric().await.as_str(), app.shop.admin().to_do().await.unwrap().to_report), ("0", 0));
    app.stop().await;
}

async fn a_payment_that_wechat_does_not_know_yet_is_reported_later(database: Database) {
    let app = TestApp::start(database).await;
    let order = paid_order(&app).await;
    let unknown = json!({ "kind": "error", "code": "10060001", "message": "支付单不存在", "times": 2 });
    fault(&app, unknown.clone()).await;
    ship(&app, &order.id, "圆通", "YT1").await.unwrap();
    until_report(&app, &order.id, ReportState::Reported).await;
    assert_eq!(uploads(&app).await.len(), 3);
    // after an hour it will never know it
    let next = paid_order(&app).await;
    fault(&app, json!({ "kind": "error", "code": "10060001", "message": "支付单不存在" })).await;
    ship(&app, &next.id, "圆通", "YT1").await.unwrap();
    app.wait(3700).await;
    until_report(&app, &next.id, ReportState::Refused).await;
    assert_eq!(report(&app, &next.id).await.code, "10060001");
    app.stop().await;
}
