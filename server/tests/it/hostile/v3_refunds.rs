//! Refunds that nobody made: V3's notifications, and V2's, which are not even signed.

use serde_json::{Value, json};
use test_support::Database;
use wechat::{Secret, pay::v2::refund_notification::generate_test_notification, wire::Fields};

use super::{
    Case, Misfit, REFUND_CALLBACK, kept_as_differences, nothing_changes,
    v3::Forge,
    wire::{Request, post},
};
use crate::{app::TestApp, on_both, shopper::thumb};

on_both!(v3_refunds_that_do_not_fit_are_kept, v2_refunds_that_are_invented_change_nothing);

async fn v3_refunds_that_do_not_fit_are_kept(database: Database) {
    let forge = Forge::start(database).await;
    let app = &forge.app;
    let (order, number) = app.shopper().await.about_to_pay("mug-celadon-300", 1).await;
    let (_, unpaid) = app.shopper().await.about_to_pay("mug-celadon-300", 1).await;
    thumb(app, &number).await;
    app.until_state(&order, "paid").await;
    let refund = json!({
        "mchid": forge.text("mch_id"),
        "out_trade_no": number,
        "transaction_id": "4200000000202611210000000001",
        "out_refund_no": "HOSTILE1",
        "refund_id": "50000000382019052709732678859",
        "refund_status": "SUCCESS",
        "success_time": "2026-11-21T12:00:00+08:00",
        "user_received_account": "招商银行信用卡0403",
        "amount": { "total": 5900, "refund": 5900, "payer_total": 5900, "payer_refund": 5900 },
    });
    let of = |pointer: &str, value: Value| -> Request {
        let mut plain = refund.clone();
        *plain.pointer_mut(pointer).unwrap() = value;
        forge.signed(&forge.message("REFUND.SUCCESS", &plain))
    };
    let cases: Vec<Misfit> = vec![
        ("more than was paid", of("/amount/refund", json!(5901)), "refund_exceeds_payment"),
        ("nothing", of("/amount/refund", json!(0)), "refund_exceeds_payment"),
        ("below nothing", of("/amount/refund", json!(-1)), "unusable_notification"),
        ("a float", of("/amount/refund", json!(1.0)), "unusable_notification"),
        ("of nobody's order", of("/out_trade_no", json!("NOBODYKNOWSME1")), "refund_of_unknown_order"),
        ("SQL for an order", of("/out_trade_no", json!("1' OR '1'='1")), "refund_of_unknown_order"),
        ("of an unpaid order", of("/out_trade_no", json!(unpaid)), "refund_exceeds_payment"),
        ("of another merchant", of("/mchid", json!("1900009999")), "other_mch_id"),
    ];
    kept_as_differences(app, cases).await;
    assert_eq!(app.state(&order).await, "paid");
    forge.app.stop().await;
}

async fn v2_refunds_that_are_invented_change_nothing(database: Database) {
    let app = TestApp::start(database).await;
    let (order, number) = app.shopper().await.about_to_pay("mug-celadon-300", 1).await;
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    let account = app.account().await;
    let text = |name: &str| account[name].as_str().unwrap();
    let plain = |change: &[(&str, &str)]| {
        let mut fields: Fields = [
            ("out_refund_no", "HOSTILE1"),
            ("out_trade_no", &number),
            ("refund_fee", "5900"),
            ("refund_id", "50000000382019052709732678859"),
            ("refund_status", "SUCCESS"),
            ("settlement_refund_fee", "5900"),
            ("settlement_total_fee", "5900"),
            ("total_fee", "5900"),
            ("transaction_id", "4200000000202611210000000001"),
            ("refund_recv_accout", "支付用户零钱"),
            ("refund_account", "REFUND_SOURCE_RECHARGE_FUNDS"),
            ("refund_request_source", "API"),
            ("success_time", "2026-11-21 12:00:00"),
        ]
        .into_iter()
        .collect();
        for (name, value) in change {
            fields.set(*name, *value);
        }
        fields
    };
    let outer = Fields::new()
        .with("return_code", "SUCCESS")
        .with("appid", text("appid"))
        .with("mch_id", text("mch_id"))
        .with("nonce_str", "1");
    let hidden = |change: &[(&str, &str)], key: &str| {
        let (appid, mch_id) = (text("appid"), text("mch_id"));
        let body = generate_test_notification(plain(change), appid, mch_id, &Secret::new(key));
        post(REFUND_CALLBACK).with("content-type: text/xml").body(body)
    };
    let key = text("api_v2_key");
    let raw = |req_info: &str| {
        let fields = outer.clone().with("req_info", req_info);
        post(REFUND_CALLBACK).body(wechat::wire::xml::write(&fields))
    };
    let cases: Vec<Case> = vec![
        ("WeChat knows of no such refund", hidden(&[], key), 400),
        ("of an order that nobody placed", hidden(&[("out_trade_no", "NOBODYKNOWSME1")], key), 400),
        ("under another key", hidden(&[], "Xiaodian0Simulator1ApiV2Key23457"), 400),
        ("an empty refund_id", hidden(&[("refund_id", "")], key), 400),
        ("empty", raw(""), 400),
        ("no base64", raw("!!!!"), 400),
        ("no whole block", raw("AAAA"), 400),
        ("zeros", raw(&"A".repeat(64)), 400),
        ("60 kB of zeros", raw(&"A".repeat(60_000)), 400),
    ];
    nothing_changes(&app, cases).await;
    assert_eq!(app.state(&order).await, "paid");
    app.stop().await;
}
