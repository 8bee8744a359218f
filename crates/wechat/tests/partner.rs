//! Partner mode (服务商): the requests of a provider and the messages about its orders (wechat-protocol-2.md, 5).
#![cfg(feature = "v3")]
#![allow(clippy::unwrap_used, reason = "a test may stop at an unwrap")]

use serde_json::{Value, json};
use wechat::{
    pay::{PaymentId, RefundRequestAmount, SubMerchant, v2, v3},
    wire::{sign::SignType, xml},
};

const PROVIDERS_APPID: &str = "wx8888888888888888";
const OWN_APPID: &str = "wx2222222222222222";

fn sub() -> SubMerchant {
    SubMerchant { mch_id: "1900000209".into(), provider_appid: PROVIDERS_APPID.into() }
}

fn v3_merchant(appid: &str) -> v3::Merchant {
    let pem = include_str!("keys/merchant_pkcs8.pem");
    let credential =
        v3::Credential::from_pem("1900009191", "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C", pem).unwrap();
    let key = v3::ApiV3Key::parse("5YI2YwEdV56hCsNEoOGEeL17vRFcz3i6").unwrap();
    v3::Merchant::new(appid, credential, key).with_sub_merchant(sub())
}

fn v3_order(appid: &str) -> Value {
    let trade = v3::Trade::Jsapi { openid: "oPayer".into() };
    let order = v3::PrepayRequest::new("Tea", "S1", 1990, "https://h/notify", trade);
    serde_json::from_str(order.request(&v3_merchant(appid)).as_str()).unwrap()
}

#[test]
fn an_order_of_v3_names_the_payer_at_the_account_of_the_login() {
    let order = v3_order(PROVIDERS_APPID);
    assert_eq!(order["payer"], json!({ "sp_openid": "oPayer" }));
    assert_eq!((&order["sp_appid"], &order["sub_appid"]), (&json!(PROVIDERS_APPID), &Value::Null));
    let order = v3_order(OWN_APPID);
    assert_eq!(order["payer"], json!({ "sub_openid": "oPayer" }));
    for (name, value) in [
        ("sp_appid", PROVIDERS_APPID),
        ("sp_mchid", "1900009191"),
        ("sub_appid", OWN_APPID),
        ("sub_mchid", "1900000209"),
    ] {
        assert_eq!(order[name], value, "{name}");
    }
    assert!(order.get("appid").is_none() && order.get("mchid").is_none());
}

#[test]
fn an_order_of_v2_names_the_payer_at_the_account_of_the_login() {
    for (appid, openid, other) in
        [(PROVIDERS_APPID, "openid", "sub_openid"), (OWN_APPID, "sub_openid", "openid")]
    {
        let merchant = v2::Merchant::new(appid, "1900000109", "192006250b4c09247ec02edce69f6a2d");
        let merchant = merchant.with_sub_merchant(sub());
        let trade = v2::Trade::Jsapi { openid: "oPayer".into() };
        let order = v2::UnifiedOrder::new("Tea", "S1", 1990, "127.0.0.1", "https://h/notify", trade);
        let sent = order.request(&merchant, SignType::HmacSha256, "nonce");
        let sent = xml::parse(sent.as_str().as_bytes()).unwrap();
        assert_eq!((sent.get(openid), sent.get(other)), (Some("oPayer"), None), "{appid}");
        assert_eq!((sent.get("appid"), sent.get("sub_mch_id")), (Some(PROVIDERS_APPID), Some("1900000209")));
        assert_eq!(sent.get("sub_appid").is_some(), appid == OWN_APPID);
    }
}

#[test]
fn a_refund_of_v3_names_the_sub_merchant() {
    let amount = RefundRequestAmount { total: 1990, refund: 990 };
    let mut refund = v3::RefundRequest::new(PaymentId::OutTradeNo("S1".into()), "R1", amount);
    refund.sub_mchid = Some("1900000209".into());
    let sent: Value = serde_json::from_str(refund.request().as_str()).unwrap();
    assert_eq!(sent["sub_mchid"], "1900000209");
}

#[test]
fn a_payment_of_v3_says_who_is_paid_and_who_paid() {
    let mut paid = json!({
        "sp_appid": PROVIDERS_APPID, "sp_mchid": "1900009191", "sub_mchid": "1900000209", "out_trade_no": "S1",
        "transaction_id": "42", "trade_state": "SUCCESS", "amount": { "total": 1990 },
        "payer": { "sp_openid": "oAtProvider" },
    });
    let read = |json: &Value| v3::Transaction::from_json(&json.to_string());
    let transaction = read(&paid).unwrap();
    assert_eq!((&*transaction.appid, &*transaction.mchid), (PROVIDERS_APPID, "1900009191"));
    assert_eq!(transaction.sub_merchant, Some(sub()));
    assert_eq!(transaction.payment.unwrap().openid.as_deref(), Some("oAtProvider"));

    paid["sub_appid"] = OWN_APPID.into();
    paid["payer"]["sub_openid"] = "oAtMerchant".into();
    let transaction = read(&paid).unwrap();
    assert_eq!(transaction.appid, OWN_APPID);
    assert_eq!(transaction.payment.unwrap().openid.as_deref(), Some("oAtMerchant"));

    // neither form of the accounts is complete
    for name in ["sp_appid", "sp_mchid"] {
        let mut without = paid.clone();
        without.as_object_mut().unwrap().remove(name);
        assert!(read(&without).unwrap_err().to_string().contains(name), "{name}");
    }
}
