//! V3 notifications that WeChat did not send, and some that it would have to be mad to send.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use test_support::Database;
use wechat::{
    pay::v3::{ApiV3Key, SignatureHeaders, notification},
    wire::{aead, rsa::PrivateKey},
};

use super::{
    CALLBACK, Case, Misfit, REFUND_CALLBACK, kept_as_differences, nothing_changes,
    wire::{Request, post},
};
use crate::{app::TestApp, on_both};

on_both!(
    forged_v3_notifications_change_nothing,
    v3_notifications_that_verify_and_do_not_fit_are_kept,
    a_v3_notification_of_an_unpaid_order_is_acknowledged,
);

/// A shop on V3 beside a WeChat whose private key is known.
pub(super) struct Forge {
    pub(super) app: TestApp,
    account: Value,
    key: PrivateKey,
    _folder: tempfile::TempDir,
}

impl Forge {
    pub(super) async fn start(database: Database) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("wechat.json");
        let app = TestApp::start_beside(database, &[("WECHAT_PAY_API", "v3")], Some(state.clone())).await;
        let kept: Value = serde_json::from_slice(&std::fs::read(state).unwrap()).unwrap();
        let merchant = &kept["accounts"]["merchants"][0];
        let pem = merchant["public_key_private_key_pem"].as_str().unwrap();
        let key = PrivateKey::from_pem(pem).unwrap();
        let account = app.account().await;
        Self { app, account, key, _folder: folder }
    }

    #[track_caller]
    pub(super) fn text(&self, name: &str) -> &str {
        self.account[name].as_str().unwrap()
    }

    fn now(&self) -> i64 {
        use shop::Clock;
        self.app.clock.now_ms() / 1000
    }

    /// What a payment of this attempt tells.
    async fn payment(&self, out_trade_no: &str) -> Value {
        let attempt = self.app.shop.store().attempt(&out_trade_no.parse().unwrap()).await.unwrap().unwrap();
        json!({
            "appid": self.text("appid"),
            "mchid": self.text("mch_id"),
            "out_trade_no": out_trade_no,
            "transaction_id": "4200000000202611210000000001",
            "trade_state": "SUCCESS",
            "trade_state_desc": "支付成功",
            "trade_type": "JSAPI",
            "bank_type": "OTHERS",
            "success_time": "2026-11-21T12:00:00+08:00",
            "payer": { "openid": attempt.openid.as_ref().unwrap().as_str() },
            "amount": {
                "total": attempt.total_fee.0,
                "payer_total": attempt.total_fee.0,
                "currency": "CNY",
                "payer_currency": "CNY",
            },
        })
    }

    /// A message around it, not signed yet.
    #[track_caller]
    pub(super) fn message(&self, event_type: &str, plain: &Value) -> Value {
        let key = ApiV3Key::parse(self.text("api_v3_key")).unwrap();
        let plain = plain.to_string();
        let made = notification::generate_test_notification(event_type, &plain, &key, "1", &self.key, 1, "1");
        serde_json::from_str(&made.body).unwrap()
    }

    /// The same with bytes of any kind hidden in it.
    #[track_caller]
    fn hiding(&self, bytes: &[u8]) -> Value {
        let mut message = self.message("TRANSACTION.SUCCESS", &json!({}));
        let key = self.text("api_v3_key").as_bytes().try_into().unwrap();
        message["resource"]["ciphertext"] = aead::encrypt(key, b"fdasflkja484", "transaction", bytes).into();
        message
    }

    fn headers(&self, body: &str, timestamp: i64) -> SignatureHeaders {
        let serial = self.text("public_key_id");
        notification::generate_test_signature(
            body.as_bytes(),
            serial,
            &self.key,
            timestamp,
            "5K8264ILTKCH16CQ",
        )
    }

    /// The message as WeChat would send it now.
    pub(super) fn signed(&self, message: &Value) -> Request {
        self.signed_text(&message.to_string())
    }

    fn signed_text(&self, body: &str) -> Request {
        sent(&self.headers(body, self.now()), body)
    }

    /// Signed for this time, whatever stands there.
    fn signed_at(&self, body: &str, timestamp: &str) -> Request {
        let message = wechat::wire::v3::response_message(timestamp, "5K8264ILTKCH16CQ", body.as_bytes());
        let headers = SignatureHeaders {
            timestamp: timestamp.to_owned(),
            signature: self.key.sign(&message),
            ..self.headers(body, 0)
        };
        sent(&headers, body)
    }
}

fn sent(headers: &SignatureHeaders, body: &str) -> Request {
    sent_to(CALLBACK, headers, body)
}

fn sent_to(path: &str, headers: &SignatureHeaders, body: &str) -> Request {
    let request = post(path)
        .with(format!("Wechatpay-Timestamp: {}", headers.timestamp))
        .with(format!("Wechatpay-Nonce: {}", headers.nonce))
        .with(format!("Wechatpay-Serial: {}", headers.serial))
        .with(format!("Wechatpay-Signature: {}", headers.signature))
        .json(body);
    match &headers.signature_type {
        Some(kind) => request.with(format!("Wechatpay-Signature-Type: {kind}")),
        None => request,
    }
}

async fn forged_v3_notifications_change_nothing(database: Database) {
    let forge = Forge::start(database).await;
    let app = &forge.app;
    let mut shopper = app.shopper().await;
    let (order, number) = shopper.about_to_pay("mug-celadon-300", 1).await;
    let body = forge.message("TRANSACTION.SUCCESS", &forge.payment(&number).await).to_string();
    let now = forge.now();
    let good = forge.headers(&body, now);
    let wrong_sign = BASE64_STANDARD.encode([7; 256]);
    let merchant = PrivateKey::from_pem(forge.text("merchant_private_key_pem")).unwrap();
    let by_merchant = notification::generate_test_signature(
        body.as_bytes(),
        forge.text("public_key_id"),
        &merchant,
        now,
        "1",
    );
    let unsigned = post(CALLBACK).json(&body);
    let without = |name: &str| {
        let lines = [
            format!("Wechatpay-Timestamp: {}", good.timestamp),
            format!("Wechatpay-Nonce: {}", good.nonce),
            format!("Wechatpay-Serial: {}", good.serial),
            format!("Wechatpay-Signature: {}", good.signature),
        ];
        let left = lines.into_iter().filter(|line| !line.starts_with(name));
        left.fold(unsigned.clone(), Request::with)
    };
    let but = |change: fn(&mut SignatureHeaders)| {
        let mut headers = good.clone();
        change(&mut headers);
        sent(&headers, &body)
    };
    let having = |field: fn(&mut SignatureHeaders) -> &mut String, value: &str| {
        let mut headers = good.clone();
        value.clone_into(field(&mut headers));
        sent(&headers, &body)
    };
    let at = |timestamp: String| forge.signed_at(&body, &timestamp);
    let changed = |body: String| sent(&good, &body);
    let v2 = "<xml><return_code>SUCCESS</return_code><out_trade_no>1</out_trade_no></xml>";
    let cases: Vec<Case> = vec![
        ("no headers", unsigned.clone(), 400),
        ("no time", without("Wechatpay-Timestamp"), 400),
        ("no nonce", without("Wechatpay-Nonce"), 400),
        ("no serial", without("Wechatpay-Serial"), 400),
        ("no signature", without("Wechatpay-Signature"), 400),
        ("an empty time", having(|it| &mut it.timestamp, ""), 400),
        ("an empty nonce", having(|it| &mut it.nonce, ""), 400),
        ("an empty serial", having(|it| &mut it.serial, ""), 400),
        ("an empty signature", having(|it| &mut it.signature, ""), 400),
        ("another nonce", having(|it| &mut it.nonce, "5K8264ILTKCH16CR"), 400),
        ("a nonce beyond reason", having(|it| &mut it.nonce, &"n".repeat(3000)), 400),
        ("a nonce that is not ASCII", having(|it| &mut it.nonce, "随机"), 400),
        ("another time", having(|it| &mut it.timestamp, &(now - 1).to_string()), 400),
        // signed with WeChat's own key, and too old or too new
        ("five minutes and a bit old", at((now - 301).to_string()), 400),
        ("an hour old", at((now - 3600).to_string()), 400),
        ("of the future", at((now + 330).to_string()), 400),
        ("in milliseconds", at((now * 1000).to_string()), 400),
        ("of the year 1970", at("0".to_owned()), 400),
        ("before 1970", at("-1".to_owned()), 400),
        ("with a plus", at(format!("+{now}")), 400),
        ("with a fraction", at(format!("{now}.0")), 400),
        ("beyond 64 bits", at("9".repeat(30)), 400),
        ("as a date", at("2026-11-21T12:00:00+08:00".to_owned()), 400),
        ("in full-width digits", at("１７６３７００００００".to_owned()), 400),
        // another key
        ("an unknown serial", having(|it| &mut it.serial, "5157F09EFDC096DE15EBE81A47057A7232F1B8E1"), 400),
        (
            "an unknown public key",
            having(|it| &mut it.serial, "PUB_KEY_ID_0000000000000000000000000000"),
            400,
        ),
        ("the certificate's serial", having(|it| &mut it.serial, forge.text("platform_serial")), 400),
        ("the merchant's serial", having(|it| &mut it.serial, forge.text("merchant_serial")), 400),
        ("signed by the merchant", sent(&by_merchant, &body), 400),
        ("the serial in small letters", but(|it| it.serial.make_ascii_lowercase()), 400),
        ("a path for a serial", having(|it| &mut it.serial, "../../etc/passwd"), 400),
        // another signature
        ("a probe", having(|it| &mut it.signature, "WECHATPAY/SIGNTEST/aGVsbG8="), 400),
        ("a wrong signature", having(|it| &mut it.signature, &wrong_sign), 400),
        ("no base64", having(|it| &mut it.signature, "!!!!"), 400),
        ("a signature of one byte", having(|it| &mut it.signature, "AA=="), 400),
        ("a signature beyond reason", having(|it| &mut it.signature, &"A".repeat(6000)), 400),
        (
            "a wrong signature before the true one",
            post(CALLBACK)
                .with(format!("Wechatpay-Signature: {wrong_sign}"))
                .with(format!("Wechatpay-Signature: {}", good.signature))
                .with(format!("Wechatpay-Timestamp: {now}"))
                .with(format!("Wechatpay-Nonce: {}", good.nonce))
                .with(format!("Wechatpay-Serial: {}", good.serial))
                .json(&body),
            400,
        ),
        ("another scheme", but(|it| it.signature_type = Some("WECHATPAY2-SM2-WITH-SM3".to_owned())), 400),
        ("no scheme's name", but(|it| it.signature_type = Some(" ".to_owned())), 400),
        // the true signature of other bytes
        ("a blank behind it", changed(format!("{body} ")), 400),
        ("written anew", changed(serde_json::to_string_pretty(&value(&body)).unwrap()), 400),
        ("another event", changed(body.replace("TRANSACTION.SUCCESS", "TRANSACTION.CLOSED")), 400),
        ("no body", changed(String::new()), 400),
        ("an empty object", changed("{}".to_owned()), 400),
        ("a list", changed("[]".to_owned()), 400),
        ("XML", changed(v2.to_owned()), 400),
        ("beyond what is read", changed(format!("{body}{}", " ".repeat(64 * 1024))), 413),
        ("nothing but brackets", changed("{\"a\":".repeat(9000)), 400),
        // V3 in V2's clothes
        ("a V2 signature in the JSON", unsigned.with("sign: 0"), 400),
        ("XML that is signed as V3", forge.signed_text(v2), 400),
        ("forged, to the refunds' address", sent_to(REFUND_CALLBACK, &good, "{}"), 400),
    ];
    nothing_changes(app, cases).await;
    assert_eq!(app.state(&order).await, "paying");
    assert_eq!(sent(&good, &body).send(&app.url).await.status, 200);
    assert_eq!(app.state(&order).await, "paid");
    let replays: Vec<Case> = vec![
        ("once more", sent(&good, &body), 200),
        ("signed anew", forge.signed_text(&body), 200),
        ("to the refunds' address", sent_to(REFUND_CALLBACK, &good, &body), 200),
    ];
    nothing_changes(app, replays).await;
    forge.app.stop().await;
}

#[track_caller]
fn value(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

async fn v3_notifications_that_verify_and_do_not_fit_are_kept(database: Database) {
    let forge = Forge::start(database).await;
    let (order, number) = forge.app.shopper().await.about_to_pay("mug-celadon-300", 1).await;
    let paid = forge.payment(&number).await;
    let of = |pointer: &str, value: Value| {
        let mut plain = paid.clone();
        *plain.pointer_mut(pointer).unwrap() = value;
        forge.signed(&forge.message("TRANSACTION.SUCCESS", &plain))
    };
    let resource = |name: &str, value: Value| {
        let mut message = forge.message("TRANSACTION.SUCCESS", &paid);
        message["resource"][name] = value;
        forge.signed(&message)
    };
    let unusable = "unusable_notification";
    let cases: Vec<Misfit> = vec![
        ("another cipher", resource("algorithm", json!("AEAD_SM4_GCM")), unusable),
        ("no cipher", resource("algorithm", json!("")), unusable),
        ("a nonce of 11 bytes", resource("nonce", json!("fdasflkja48")), unusable),
        ("a nonce of 13 bytes", resource("nonce", json!("fdasflkja4841")), unusable),
        ("an empty nonce", resource("nonce", json!("")), unusable),
        ("a nonce of 12 letters and 24 bytes", resource("nonce", json!("éééééééééééé")), unusable),
        ("a nonce that is a number", resource("nonce", json!(123_456_789_012_i64)), unusable),
        ("no base64", resource("ciphertext", json!("!!!!")), unusable),
        ("nothing", resource("ciphertext", json!("")), unusable),
        ("less than a tag", resource("ciphertext", json!(BASE64_STANDARD.encode([1; 15]))), unusable),
        ("a tag and no more", resource("ciphertext", json!(BASE64_STANDARD.encode([1; 16]))), unusable),
        ("other associated data", resource("associated_data", json!("refund")), unusable),
        ("much associated data", resource("associated_data", json!("x".repeat(10_000))), unusable),
        ("no resource", forge.signed(&json!({ "id": "1", "event_type": "TRANSACTION.SUCCESS" })), unusable),
        ("an empty object", forge.signed(&json!({})), unusable),
        ("half an object", forge.signed_text("{\"id\":"), unusable),
        ("nothing but braces", forge.signed_text(&"{\"a\":".repeat(9000)), unusable),
        ("hidden: no UTF-8", forge.signed(&forge.hiding(&[0xff, 0xfe])), unusable),
        ("hidden: no JSON", forge.signed(&forge.hiding(b"<xml/>")), unusable),
        ("hidden: nothing", forge.signed(&forge.hiding(b"")), unusable),
        ("hidden: depths", forge.signed(&forge.hiding("[".repeat(20_000).as_bytes())), unusable),
        ("an amount as a float", of("/amount/total", json!(5900.0)), unusable),
        ("as text", of("/amount/total", json!("5900")), unusable),
        ("beyond 64 bits", of("/amount/total", json!(9_223_372_036_854_775_808_u64)), unusable),
        ("below nothing", of("/amount/total", json!(-5900)), unusable),
        ("nothing", of("/amount/total", json!(0)), "other_amount"),
        ("a fen", of("/amount/total", json!(1)), "other_amount"),
        ("dollars", of("/amount/currency", json!("USD")), "other_currency"),
        ("another account", of("/appid", json!("wx0000000000000000")), "other_appid"),
        ("another merchant", of("/mchid", json!("1900009999")), "other_mch_id"),
        ("SQL for a payment's number", of("/transaction_id", json!("1'; --")), "bad_transaction_id"),
        ("an order that nobody placed", of("/out_trade_no", json!("NOBODYKNOWSME1")), "unknown_order"),
        ("SQL for an order", of("/out_trade_no", json!("1' OR '1'='1' --")), "unknown_order"),
        ("a NUL in an order's number", of("/out_trade_no", json!("1\u{0}2")), "unknown_order"),
        ("a state of tomorrow", of("/trade_state", json!("SUCCESSFUL")), "unknown_trade_state"),
        ("no state", of("/trade_state", json!("")), "unknown_trade_state"),
    ];
    kept_as_differences(&forge.app, cases).await;
    // each is a row of its own, by its number and not by what is wrong with it; a repetition is none
    let before = forge.app.database.count("differences", &[("kind", "unusable_notification")]).await;
    for id in ["EV-1001", "EV-1002", "EV-1002"] {
        let sent = forge.signed(&json!({ "id": id, "event_type": "TRANSACTION.SUCCESS" }));
        assert_eq!(sent.send(&forge.app.url).await.status, 409);
    }
    assert_eq!(
        forge.app.database.count("differences", &[("kind", "unusable_notification")]).await,
        before + 2
    );
    let mut unknown = forge.message("MERCHANT.SOMETHING", &json!({ "a": 1 }));
    unknown["resource"]["original_type"] = json!("something");
    kept_as_differences(&forge.app, vec![("an unknown event", forge.signed(&unknown), "unknown_event")])
        .await;
    unknown["id"] = json!("a\u{0}b");
    let named = forge.signed(&unknown);
    kept_as_differences(&forge.app, vec![("its number with a NUL", named, "unknown_event")]).await;
    assert_eq!(forge.app.state(&order).await, "paying");
    forge.app.stop().await;
}

/// WeChat reports payments only; where it told of something else, that would be no payment.
async fn a_v3_notification_of_an_unpaid_order_is_acknowledged(database: Database) {
    let forge = Forge::start(database).await;
    let (order, number) = forge.app.shopper().await.about_to_pay("mug-celadon-300", 1).await;
    let mut unpaid = forge.payment(&number).await;
    let mut cases: Vec<Case> = Vec::new();
    for state in ["NOTPAY", "CLOSED"] {
        unpaid["trade_state"] = json!(state);
        cases.push((state, forge.signed(&forge.message("TRANSACTION.SUCCESS", &unpaid)), 200));
    }
    nothing_changes(&forge.app, cases).await;
    assert_eq!(forge.app.state(&order).await, "paying");
    forge.app.stop().await;
}
