//! Tests of the deliveries that a mini program reports.

use axum::response::Response;
use serde_json::{Value, json};
use wechat::{
    Official, Secret, TokenMode,
    miniprogram::{
        MiniProgram,
        shipping::{InvalidShippingInfo, ManagedOrderState, Parcel, PaymentKey, ShippingInfo, mask_phone},
    },
};

use crate::fake_wechat::{FakeWechat, endpoints, http, text};

const AT_MS: i64 = 1_671_082_175_120;

/// A server that gives out a token, and answers every other call with this.
async fn server_with_response(value: Value) -> FakeWechat {
    FakeWechat::start(move |_, recorded| {
        let value = value.clone();
        async move {
            match recorded.path.as_str() {
                "/cgi-bin/stable_token" => json_of(&json!({"access_token": "t", "expires_in": 7200})),
                _ => json_of(&value),
            }
        }
    })
    .await
}

fn json_of(value: &Value) -> Response {
    text(value.to_string())
}

fn program(wechat: &FakeWechat) -> MiniProgram {
    let secret = Secret::new("app-secret");
    MiniProgram::new(Official::new(http(), endpoints(&wechat.url), "wx1", secret, TokenMode::Stable))
}

fn key() -> PaymentKey {
    PaymentKey::OutTradeNo { mch_id: "1900000001".into(), out_trade_no: "20261121".into() }
}

/// The body of the last request.
#[track_caller]
fn body(wechat: &FakeWechat) -> Value {
    serde_json::from_slice(&wechat.requests().last().unwrap().body).unwrap()
}

#[tokio::test]
async fn one_parcel_is_reported_as_a_whole() {
    let wechat = server_with_response(json!({"errcode": 0, "errmsg": "ok"})).await;
    let parcel = Parcel::new("YTO", " YT 62\u{3000}82 ", "mug");
    let info = ShippingInfo::express(key(), "oPayer", vec![parcel]).unwrap();
    program(&wechat).upload_shipping_info(&info, AT_MS).await.unwrap();
    assert_eq!(wechat.requests()[1].url(), "/wxa/sec/order/upload_shipping_info?access_token=t");
    assert_eq!(
        body(&wechat),
        json!({
            "order_key": {"order_number_type": 1, "mchid": "1900000001", "out_trade_no": "20261121"},
            "logistics_type": 1,
            "delivery_mode": 1,
            "shipping_list": [{"tracking_no": "YT6282", "express_company": "YTO", "item_desc": "mug"}],
            "upload_time": "2022-12-15T13:29:35.120+08:00",
            "payer": {"openid": "oPayer"},
        })
    );
}

#[tokio::test]
async fn several_parcels_say_whether_they_are_all() {
    let wechat = server_with_response(json!({"errcode": 0, "errmsg": "ok"})).await;
    let order = PaymentKey::transaction_id("42");
    let parcel = |number: &str| Parcel::new("SF", number, "mug").with_receiver_phone("13912345678");
    for (info, all) in [
        (ShippingInfo::express(order.clone(), "o", vec![parcel("1"), parcel("2")]).unwrap(), true),
        (ShippingInfo::express(order.clone(), "o", vec![parcel("1")]).unwrap().with_more_to_follow(), false),
    ] {
        program(&wechat).upload_shipping_info(&info, AT_MS).await.unwrap();
        let body = body(&wechat);
        assert_eq!((&body["delivery_mode"], &body["is_all_delivered"]), (&json!(2), &json!(all)));
        assert_eq!(body["order_key"], json!({"order_number_type": 2, "transaction_id": "42"}));
        assert_eq!(body["shipping_list"][0]["contact"], json!({"receiver_contact": "139****5678"}));
    }
}

#[tokio::test]
async fn a_pickup_has_no_parcel() {
    let wechat = server_with_response(json!({"errcode": 0, "errmsg": "ok"})).await;
    let long = "杯".repeat(200);
    let info = ShippingInfo::pickup(key(), "o", &long).unwrap();
    program(&wechat).upload_shipping_info(&info, AT_MS).await.unwrap();
    let body = body(&wechat);
    assert_eq!(body["logistics_type"], json!(4));
    let only = body["shipping_list"][0].as_object().unwrap();
    assert_eq!(only.keys().collect::<Vec<_>>(), ["item_desc"]);
    assert_eq!(only["item_desc"].as_str().unwrap().chars().count(), 120);
}

#[tokio::test]
async fn what_is_reported_already_is_done_and_an_unknown_payment_is_told() {
    let same =
        server_with_response(json!({"errcode": 10_060_023, "errmsg": "发货信息未更新, hint: [a] rid: b"}))
            .await;
    let info = ShippingInfo::virtual_goods(key(), "o", "top-up").unwrap();
    program(&same).upload_shipping_info(&info, AT_MS).await.unwrap();
    let unknown =
        server_with_response(json!({"errcode": 10_060_001, "errmsg": "支付单不存在, hint: [a] rid: b"}))
            .await;
    let error = program(&unknown).upload_shipping_info(&info, AT_MS).await.unwrap_err();
    assert!(error.is_payment_unknown());
    let refunded =
        server_with_response(json!({"errcode": 10_060_004, "errmsg": "支付单处于不可发货的状态"})).await;
    let error = program(&refunded).upload_shipping_info(&info, AT_MS).await.unwrap_err();
    assert!(!error.is_payment_unknown());
    assert_eq!(error.code(), Some("10060004"));
}

#[tokio::test]
async fn a_combined_payment_lists_its_orders() {
    let wechat = server_with_response(json!({"errcode": 0, "errmsg": "ok"})).await;
    let one = ShippingInfo::pickup(key(), "o", "mug").unwrap();
    let combined = PaymentKey::transaction_id("42");
    program(&wechat).upload_combined_shipping_info(&combined, "o", &[one.clone(), one], AT_MS).await.unwrap();
    let body = body(&wechat);
    assert_eq!(body["sub_orders"].as_array().unwrap().len(), 2);
    assert_eq!(body["sub_orders"][0]["order_key"]["out_trade_no"], json!("20261121"));
    assert!(body["sub_orders"][0].get("payer").is_none());
}

#[tokio::test]
async fn the_state_of_an_order_is_read() {
    let order = |shipping: Value| {
        json!({"errcode": 0, "errmsg": "ok", "order": {
            "transaction_id": "42", "merchant_id": "1900000001", "merchant_trade_no": "20261121", "description": "mug",
            "paid_amount": 100, "openid": "o", "trade_create_time": 1, "pay_time": 2, "order_state": 2,
            "in_complaint": false, "shipping": shipping}})
    };
    let wechat = server_with_response(order(json!({}))).await;
    let unshipped = program(&wechat).managed_order(&key()).await.unwrap();
    assert_eq!(unshipped.shipping, None);
    assert_eq!(body(&wechat), json!({"merchant_id": "1900000001", "merchant_trade_no": "20261121"}));
    let wechat = server_with_response(order(json!({"delivery_mode": 1, "logistics_type": 1,
        "finish_shipping": true, "finish_shipping_count": 1,
        "shipping_list": [{"tracking_no": "1", "express_company": "YTO", "upload_time": 7}]})))
    .await;
    let shipped = program(&wechat).managed_order(&key()).await.unwrap();
    assert_eq!(shipped.state, ManagedOrderState::Shipped);
    let reported = shipped.shipping.unwrap();
    assert_eq!((reported.finish_shipping_count, &*reported.shipping_list[0].tracking_no), (1, "1"));
    let parcel = |company: &str, number: &str| Parcel::new(company, number, "another text about the mug");
    let express = |parcels| ShippingInfo::express(key(), "o", parcels).unwrap();
    assert!(reported.is_report_of(&express(vec![parcel("YTO", "1")])));
    assert!(!reported.is_report_of(&express(vec![parcel("YTO", "2")])));
    assert!(!reported.is_report_of(&express(vec![parcel("ZTO", "1")])));
    assert!(!reported.is_report_of(&express(vec![parcel("YTO", "1"), parcel("YTO", "2")])));
    assert!(!reported.is_report_of(&express(vec![parcel("YTO", "1")]).with_more_to_follow()));
    assert!(!reported.is_report_of(&ShippingInfo::pickup(key(), "o", "mug").unwrap()));
    // the mode is not part of what WeChat has
    assert!(reported.is_report_of(&express(vec![parcel("YTO", "1")]).in_split_mode()));
}

#[tokio::test]
async fn a_reminder_names_the_time_in_seconds() {
    let wechat = server_with_response(json!({"errcode": 0, "errmsg": "ok"})).await;
    program(&wechat).notify_confirm_receive(&PaymentKey::transaction_id("42"), 1_700_000_000).await.unwrap();
    assert_eq!(body(&wechat), json!({"transaction_id": "42", "received_time": 1_700_000_000}));
}

#[tokio::test]
async fn trade_management_and_companies_are_read() {
    let wechat = server_with_response(json!({"errcode": 0, "errmsg": "ok", "is_trade_managed": true,
        "count": 1, "delivery_list": [{"delivery_id": "(AU)", "delivery_name": "Interparcel"}]}))
    .await;
    assert!(program(&wechat).is_trade_managed().await.unwrap());
    assert_eq!(body(&wechat), json!({"appid": "wx1"}));
    let companies = program(&wechat).delivery_companies().await.unwrap();
    assert_eq!((&*companies[0].delivery_id, &*companies[0].delivery_name), ("(AU)", "Interparcel"));
}

#[test]
fn what_wechat_would_refuse_is_refused_before() {
    let made = |parcels: Vec<Parcel>| ShippingInfo::express(key(), "o", parcels).map(drop);
    let parcel = |company: &str, number: &str, goods: &str| Parcel::new(company, number, goods);
    assert_eq!(made(vec![]), Err(InvalidShippingInfo::Parcels));
    assert_eq!(made(vec![parcel("YTO", "1", "mug"); 16]), Err(InvalidShippingInfo::Parcels));
    assert_eq!(made(vec![parcel("YTO", "1", "mug"); 15]), Ok(()));
    assert_eq!(made(vec![parcel("YTO", "  ", "mug")]), Err(InvalidShippingInfo::TrackingNumber));
    assert_eq!(made(vec![parcel("YTO", &"1".repeat(129), "mug")]), Err(InvalidShippingInfo::TrackingNumber));
    assert_eq!(made(vec![parcel("", "1", "mug")]), Err(InvalidShippingInfo::Company));
    assert_eq!(made(vec![parcel("YTO", "1", " ")]), Err(InvalidShippingInfo::Description));
    assert_eq!(made(vec![parcel("SF", "1", "mug")]), Err(InvalidShippingInfo::Contact));
    assert_eq!(made(vec![parcel("SF", "1", "mug").with_sender_phone("021-60001234")]), Ok(()));
    let empty = ShippingInfo::pickup(key(), "o", "");
    assert_eq!(empty, Err(InvalidShippingInfo::Description));
}

#[test]
fn the_last_four_digits_of_a_phone_stay_legible() {
    for (phone, masked) in [
        ("18912341234", "189****1234"),
        ("021-60001234", "021-****1234"),
        ("+86-17712341234", "+86-177****1234"),
        ("80012345", "****2345"),
        ("12345", "*2345"),
        ("", ""),
    ] {
        assert_eq!(mask_phone(phone), masked);
    }
}
