//! An order of the mini program from its payment to the answered complaint: all that WeChat requires, in one chain.

use model::{
    complaint::ComplaintState,
    delivery::{ReportState, WechatOrderState},
};
use serde_json::{Value, json};
use shop::{Registered, Role};

use test_support::Database;

use crate::{
    app::TestApp,
    complaints::{at_wechat, read, until_state},
    console::{post as post_form, signed, text},
    deliveries::{report, until_report},
    messages::{received, template_id, variables},
    miniprogram::post,
    on_both,
    one_shopper::Person,
    shopper::thumb,
};

on_both!(an_order_is_paid_told_shipped_settled_received_and_a_complaint_is_answered);

const HOME: [(&str, &str); 5] = [
    ("to", "new"),
    ("name", "小王"),
    ("phone", "13800001234"),
    ("region", "上海市 徐汇区"),
    ("detail", "衡山路 1 号"),
];

/// The titles of the messages that a user received.
async fn titles(app: &TestApp, openid: &str) -> Vec<String> {
    let all = received(app).await;
    let own = all.iter().filter(|message| message["openid"] == *openid);
    own.map(|message| message["title"].as_str().unwrap().to_owned()).collect()
}

/// What WeChat has of the delivery of a payment.
async fn delivery(app: &TestApp, number: &str) -> Value {
    let ledger = app.ledger().await;
    let all = ledger["deliveries"].as_array().unwrap();
    all.iter().find(|each| each["merchant_trade_no"] == *number).cloned().unwrap_or_default()
}

async fn an_order_is_paid_told_shipped_settled_received_and_a_complaint_is_answered(database: Database) {
    let variables = variables();
    let more: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (&**name, &**value)).collect();
    let app = TestApp::start_with(database, &more).await;
    assert_eq!(app.shop.complaints().register(false).await.unwrap(), Registered::Now);
    let mut clerk = signed(&app, "anna", Role::Clerk).await;

    // the order is placed in the web view, and paid in the mini program
    let mut person = Person::new(&app).await;
    let token = person.open_program(&app).await;
    person.agree(&app).await;
    let openid = person.program().to_string();
    for word in ["Paid", "Shipped", "Shipped"] {
        let consent = json!({ "template_id": template_id("MiniProgram", word), "openid": openid });
        app.control("messages/consent", consent).await;
    }
    let order = person.web.order("mug-celadon-300", 2).await;
    assert_eq!(person.web.post(&format!("/orders/{order}/delivery"), &HOME).await.status(), 303);
    let id = order.parse().unwrap();
    let key = app.shop.store().order(&id).await.unwrap().unwrap().link_key;
    let (status, answer) = post(&app, "pay", &token, json!({ "order": order, "key": key })).await;
    assert_eq!(status, 200, "{answer}");
    let number = answer["data"]["out_trade_no"].as_str().unwrap().to_owned();
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    app.until("the payment is told", async || titles(&app, &openid).await.len() == 1).await;

    // staff ship two parcels, and WeChat has both
    let page = format!("/console/orders/{order}");
    for (parcel, tracking_no, more) in [("1", "SF1000000000001", "1"), ("2", "SF1000000000002", "")] {
        let form = [
            ("parcel", parcel),
            ("correct", ""),
            ("carrier", "顺丰速运"),
            ("tracking_no", tracking_no),
            ("more", more),
        ];
        assert_eq!(post_form(&mut clerk, &format!("{page}/ship"), &form).await.0, 303);
        until_report(&app, &id, ReportState::Reported).await;
    }
    let reported = delivery(&app, &number).await;
    let parcels = reported["shipping"]["shipping_list"].as_array().unwrap();
    let numbers: Vec<_> = parcels.iter().map(|parcel| &parcel["tracking_no"]).collect();
    assert_eq!(numbers, ["SF1000000000001", "SF1000000000002"]);
    assert_eq!(
        (&reported["order_state"], &reported["shipping"]["finish_shipping"]),
        (&json!(2), &json!(true))
    );
    app.until("both parcels are told", async || titles(&app, &openid).await.len() == 3).await;

    // the shopper confirms, WeChat settles, and the shop knows
    app.control("confirm-receipt", json!({ "out_trade_no": number })).await;
    assert_eq!(delivery(&app, &number).await["order_state"], 3);
    let (status, answer) = post(&app, &format!("orders/{order}/received"), &token, json!({})).await;
    assert_eq!((status, &answer["data"]["received"]), (200, &json!(true)), "{answer}");
    app.until("the shop has asked WeChat", async || {
        report(&app, &id).await.wechat_state == WechatOrderState::Confirmed
    })
    .await;
    let own = person.web.get(&format!("/orders/{order}")).await.text().await.unwrap();
    assert!(own.contains("SF1000000000002") && own.contains("已收货"), "{own}");

    // the shopper complains, and is answered
    let made = app.control("complaints", json!({ "out_trade_no": number, "detail": "杯子碎了" })).await;
    let complaint = made["complaint_id"].as_str().unwrap();
    assert_eq!(read(&app, complaint).await.order_id, Some(id));
    let path = format!("/console/complaints/{complaint}");
    let shown = text(&mut clerk, &path).await;
    assert!(shown.contains("杯子碎了") && shown.contains(&page), "{shown}");
    let reply = [("text", "马上补发"), ("seen", "0")];
    assert_eq!(post_form(&mut clerk, &format!("{path}/reply"), &reply).await.0, 303);
    assert_eq!(at_wechat(&app, complaint, "MERCHANT_RESPONSE").await, ["马上补发"]);
    assert_eq!(post_form(&mut clerk, &format!("{path}/finish"), &[("seen", "1")]).await.0, 303);
    until_state(&app, complaint, ComplaintState::Processed).await;

    assert_eq!(titles(&app, &openid).await, ["订单支付成功通知", "订单发货通知", "订单发货通知"]);
    assert_eq!(app.database.count("differences", &[]).await, 0);
    app.stop().await;
}
