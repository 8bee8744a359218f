//! What WeChat, or somebody who says so, posts to the callback.

use serde_json::json;
use wechat::{
    Secret,
    pay::v2::{SignType, notification::generate_test_notification},
    wire::Fields,
};

use test_support::Database;

use crate::{app::TestApp, on_both, shopper::thumb};

const CALLBACK: &str = "/api/wechat/pay/callback";

on_both!(
    a_second_notification_changes_nothing,
    a_notification_that_does_not_verify_changes_nothing,
    a_contradicting_notification_is_a_discrepancy_and_not_acknowledged,
    repeated_notifications_of_an_unknown_order_are_one_discrepancy,
    an_old_notification_that_verifies_is_booked,
    the_next_notification_is_booked_after_a_refused_one,
    a_notification_that_the_database_refuses_is_not_acknowledged,
    a_payment_is_booked_without_the_fields_that_only_tell_more_about_it,
);

async fn post(app: &TestApp, body: impl Into<reqwest::Body>) -> (u16, String) {
    let response = app.http.post(format!("{}{CALLBACK}", app.url)).body(body).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

fn is_refused(answer: &(u16, String)) -> bool {
    let says_fail = answer.1.contains("<![CDATA[FAIL]]>") || answer.1.contains("\"FAIL\"");
    answer.0 >= 400 && says_fail && !answer.1.contains("SUCCESS")
}

/// A notification as WeChat would sign it.
pub(crate) async fn genuine(app: &TestApp, out_trade_no: &str, change: &[(&str, &str)]) -> String {
    let account = app.account().await;
    let text = |name: &str| account[name].as_str().unwrap().to_owned();
    let attempt = match out_trade_no.parse() {
        Ok(number) => app.shop.store().attempt(&number).await.unwrap(),
        Err(_) => None,
    };
    let total_fee = attempt.map_or(1, |attempt| attempt.total_fee.0).to_string();
    let mut fields: Fields = [
        ("return_code", "SUCCESS"),
        ("result_code", "SUCCESS"),
        ("appid", &text("appid")),
        ("mch_id", &text("mch_id")),
        ("nonce_str", "5d2b6c2a8db53831f7eda20af46e531c"),
        ("openid", "oUpF8uMEb4qRXf22hE3X68TekukE"),
        ("is_subscribe", "N"),
        ("trade_type", "JSAPI"),
        ("bank_type", "OTHERS"),
        ("total_fee", &total_fee),
        ("cash_fee", &total_fee),
        ("sign_type", "HMAC-SHA256"),
        ("transaction_id", "4200000000202611210000000001"),
        ("out_trade_no", out_trade_no),
        ("time_end", "20261121120000"),
    ]
    .into_iter()
    .collect();
    for (name, value) in change {
        fields.set(*name, *value);
    }
    generate_test_notification(fields, &Secret::new(text("api_v2_key")), SignType::HmacSha256)
}

/// The same fields, signed with another key or in another way.
#[track_caller]
pub(crate) fn signed_again(notification: &str, key: &str, sign_type: SignType) -> String {
    let mut fields = wechat::wire::xml::parse(notification.as_bytes()).unwrap();
    fields.remove("sign");
    generate_test_notification(fields, &Secret::new(key), sign_type)
}

async fn a_second_notification_changes_nothing(database: Database) {
    let app = TestApp::start(database).await;
    let (order, out_trade_no) = app.shopper().await.about_to_pay("mug-celadon-300", 1).await;
    app.control("notifications", json!({ "duplicate": 4 })).await;
    thumb(&app, &out_trade_no).await;
    app.until("five copies are answered", async || app.answers(&order).await.len() >= 5).await;
    assert!(app.answers(&order).await.iter().all(|answer| answer["acknowledged"] == true));
    assert_eq!(app.database.count("events", &[("what", "paid")]).await, 1);
    assert_eq!(app.database.count("differences", &[]).await, 0);
    app.stop().await;
}

async fn a_notification_that_does_not_verify_changes_nothing(database: Database) {
    let app = TestApp::start(database).await;
    let (order, out_trade_no) = app.shopper().await.about_to_pay("mug-celadon-300", 1).await;
    let good = genuine(&app, &out_trade_no, &[]).await;
    let unsigned = good.replace(&format!("<sign>{}</sign>", between(&good, "<sign>", "</sign>")), "");
    assert_ne!(unsigned, good);
    let forged = [
        good.replace("<total_fee><![CDATA[5900]]>", "<total_fee><![CDATA[1]]>"),
        good.replace("<![CDATA[SUCCESS]]>", "<![CDATA[SUCCES]]>"),
        good.replacen("<return_code><![CDATA[SUCCESS]]></return_code>", "", 1),
        unsigned,
        good[..good.len() / 2].to_owned(),
        format!("<!DOCTYPE xml [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>{good}"),
        good.replace("OTHERS", "&a;"),
        good.replace("</xml>", "<sign>0</sign></xml>"),
        format!("<xml><attach>{}</attach></xml>", "x".repeat(70_000)),
        String::new(),
        "{\"id\":\"1\"}".to_owned(),
        "<xml/>".to_owned(),
    ];
    for body in forged {
        let what: String = body.chars().take(80).collect();
        let answer = post(&app, body).await;
        assert!(is_refused(&answer), "{what}: {answer:?}");
    }
    assert!(is_refused(&post(&app, vec![0xff_u8, 0xfe, 0x00]).await));
    assert_eq!(app.state(&order).await, "paying");
    assert_eq!(app.database.count("differences", &[]).await, 0);
    // and the same notification, untouched, is taken
    assert_eq!(post(&app, good).await.0, 200);
    assert_eq!(app.state(&order).await, "paid");
    app.stop().await;
}

#[track_caller]
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    text.split_once(start).unwrap().1.split_once(end).unwrap().0
}

async fn a_contradicting_notification_is_a_discrepancy_and_not_acknowledged(database: Database) {
    let app = TestApp::start(database).await;
    let (order, out_trade_no) = app.shopper().await.about_to_pay("mug-celadon-300", 1).await;
    let misfits: [(&str, &[(&str, &str)]); 6] = [
        ("other_amount", &[("total_fee", "5899")]),
        ("other_appid", &[("appid", "wx0000000000000000")]),
        ("other_mch_id", &[("mch_id", "1900009999")]),
        ("other_currency", &[("fee_type", "USD")]),
        ("unusable_notification", &[("total_fee", "59.00")]),
        ("bad_transaction_id", &[("transaction_id", "4200-0000")]),
    ];
    for (kind, change) in misfits {
        let body = genuine(&app, &out_trade_no, change).await;
        let answer = post(&app, body.clone()).await;
        assert!(is_refused(&answer), "{kind}: {answer:?}");
        assert_eq!(app.database.count("differences", &[("kind", kind)]).await, 1, "{kind}");
    }
    assert_eq!(app.state(&order).await, "paying");
    assert_eq!(post(&app, genuine(&app, &out_trade_no, &[]).await).await.0, 200);
    let second = [("transaction_id", "4200000000202611210000000002")];
    let answer = post(&app, genuine(&app, &out_trade_no, &second).await).await;
    assert!(is_refused(&answer), "{answer:?}");
    assert_eq!(app.database.count("differences", &[("kind", "second_transaction_id")]).await, 1);
    assert_eq!(app.database.count("events", &[("what", "paid")]).await, 1);
    app.stop().await;
}

async fn repeated_notifications_of_an_unknown_order_are_one_discrepancy(database: Database) {
    let app = TestApp::start(database).await;
    let body = genuine(&app, "NOBODYKNOWSME1", &[]).await;
    for _ in 0..3 {
        assert!(is_refused(&post(&app, body.clone()).await));
    }
    assert_eq!(app.database.count("differences", &[("kind", "unknown_order")]).await, 1);
    assert_eq!(app.database.number("differences", "times", &[]).await, 3);
    app.stop().await;
}

async fn an_old_notification_that_verifies_is_booked(database: Database) {
    let app = TestApp::start(database).await;
    let (order, out_trade_no) = app.shopper().await.about_to_pay("mug-celadon-300", 1).await;
    let body = genuine(&app, &out_trade_no, &[("time_end", "20240101000000")]).await;
    assert_eq!(post(&app, body).await.0, 200);
    assert_eq!(app.state(&order).await, "paid");
    app.stop().await;
}

async fn the_next_notification_is_booked_after_a_refused_one(database: Database) {
    let app = TestApp::start(database).await;
    let (order, out_trade_no) = app.shopper().await.about_to_pay("mug-celadon-300", 1).await;
    app.control("notifications", json!({ "tamper": { "kind": "sign", "times": 1 } })).await;
    thumb(&app, &out_trade_no).await;
    app.until("the tampered one is refused", async || {
        app.answers(&order)
            .await
            .iter()
            .any(|answer| answer["status"].as_u64().is_some_and(|status| status >= 400))
    })
    .await;
    assert_eq!(app.state(&order).await, "paying");
    app.control("clock", json!({ "advance_s": 20 })).await;
    app.until_state(&order, "paid").await;
    app.stop().await;
}

async fn a_notification_that_the_database_refuses_is_not_acknowledged(database: Database) {
    let app = TestApp::start(database).await;
    let (order, number) = app.shopper().await.about_to_pay("mug-celadon-300", 1).await;
    // as a full disk does: reading goes on, this write fails
    let connection = app.database.connect().await;
    connection.refuse_payments(true).await;
    thumb(&app, &number).await;
    app.until("WeChat was told no", async || !app.answers(&order).await.is_empty()).await;
    let first = app.answers(&order).await[0].clone();
    assert_eq!((&first["status"], &first["acknowledged"]), (&json!(500), &json!(false)), "{first}");
    assert_eq!(app.state(&order).await, "paying");
    // others are not kept from buying by one write that fails
    app.shopper().await.order("test-sticker-1", 1).await;
    connection.refuse_payments(false).await;
    app.control("clock", json!({ "advance_s": 16 })).await;
    app.until_state(&order, "paid").await;
    app.stop().await;
}

async fn a_payment_is_booked_without_the_fields_that_only_tell_more_about_it(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    for name in ["openid", "trade_type", "bank_type", "cash_fee", "time_end"] {
        let (order, out_trade_no) = shopper.about_to_pay("test-sticker-1", 1).await;
        let id = format!("42000000002026112100000{:05}", out_trade_no.bytes().map(u32::from).sum::<u32>());
        let whole = genuine(&app, &out_trade_no, &[("transaction_id", &id), (name, "")]).await;
        let answer = post(&app, whole).await;
        assert_eq!(answer.0, 200, "{name}: {answer:?}");
        assert_eq!(app.state(&order).await, "paid", "{name}");
    }
    app.stop().await;
}
