//! Tests of the V2 order request and of the payment parameters.
#![allow(clippy::unwrap_used, reason = "a test may stop at an unwrap")]

use wechat::{
    pay::v2::{Merchant, SignType, Trade, TradeType, UnifiedOrder, jsapi_parameters},
    wire::{Fields, sign, xml},
};

fn merchant() -> Merchant {
    Merchant::new("wxd930ea5d5a258f4f", "10000100", "192006250b4c09247ec02edce69f6a2d")
}

fn order(trade: Trade) -> UnifiedOrder {
    UnifiedOrder::new(
        "小店-茶 & <杯>",
        "20260101000001",
        1990,
        "203.0.113.7",
        "https://shop.example.com/notify",
        trade,
    )
}

#[track_caller]
fn sent(order: &UnifiedOrder, sign_type: SignType) -> Fields {
    let request = order.request(&merchant(), sign_type, "ibuaiVcKdpRxkhJA");
    let fields = xml::parse(request.as_str().as_bytes()).unwrap();
    assert!(sign::verify(&fields, merchant().key().expose(), sign_type));
    fields
}

#[test]
fn the_request_has_the_same_bytes_each_time() {
    let order = order(Trade::Jsapi { openid: "oUpF8uMuAJO".into() });
    let once = order.request(&merchant(), SignType::HmacSha256, "ibuaiVcKdpRxkhJA");
    assert_eq!(once, order.clone().request(&merchant(), SignType::HmacSha256, "ibuaiVcKdpRxkhJA"));
    assert_ne!(once, order.request(&merchant(), SignType::HmacSha256, "another"));
}

#[test]
fn the_request_contains_its_sign_type() {
    let order = order(Trade::App);
    for sign_type in [SignType::Md5, SignType::HmacSha256] {
        assert_eq!(sent(&order, sign_type).get("sign_type"), Some(sign_type.as_str()));
    }
}

#[test]
fn each_trade_type_sends_its_fields() {
    for (trade, trade_type, own) in [
        (Trade::Jsapi { openid: "oUpF8uMuAJO".into() }, TradeType::Jsapi, Some(("openid", "oUpF8uMuAJO"))),
        (Trade::Native { product_id: "12".into() }, TradeType::Native, Some(("product_id", "12"))),
        (Trade::Mweb { scene_info: "{}".into() }, TradeType::Mweb, Some(("scene_info", "{}"))),
        (Trade::App, TradeType::App, None),
    ] {
        let sent = sent(&order(trade), SignType::Md5);
        assert_eq!(sent.get("trade_type"), Some(trade_type.as_str()));
        for name in ["openid", "product_id", "scene_info"] {
            assert_eq!(sent.get(name), own.filter(|own| own.0 == name).map(|own| own.1));
        }
    }
}

#[test]
fn optional_fields_are_sent_if_they_are_set() {
    let plain = order(Trade::App);
    let names = sent(&plain, SignType::Md5);
    assert_eq!(names.get("body"), Some("小店-茶 & <杯>"));
    let mut full = plain;
    for (field, name) in [
        (&mut full.device_info, "device_info"),
        (&mut full.detail, "detail"),
        (&mut full.attach, "attach"),
        (&mut full.fee_type, "fee_type"),
        (&mut full.time_start, "time_start"),
        (&mut full.time_expire, "time_expire"),
        (&mut full.goods_tag, "goods_tag"),
        (&mut full.limit_pay, "limit_pay"),
        (&mut full.receipt, "receipt"),
    ] {
        assert_eq!(names.get(name), None);
        *field = Some(format!("its {name}"));
    }
    let sent = sent(&full, SignType::HmacSha256);
    assert_eq!(sent.len(), names.len() + 9);
    assert!(
        sent.iter().filter(|(_, value)| value.starts_with("its ")).all(|(name, value)| value[4..] == *name)
    );
}

#[test]
fn trap_07_the_pay_sign_covers_time_stamp_with_a_capital_s() {
    for sign_type in [SignType::Md5, SignType::HmacSha256] {
        let parameters =
            jsapi_parameters(&merchant(), sign_type, "wx201410272009395522", 1_414_411_784, "e61463f8");
        let signed: Fields = [
            ("appId", "wxd930ea5d5a258f4f"),
            ("timeStamp", "1414411784"),
            ("nonceStr", "e61463f8"),
            ("package", "prepay_id=wx201410272009395522"),
            ("signType", sign_type.as_str()),
        ]
        .into_iter()
        .collect();
        assert_eq!(parameters.pay_sign, sign::sign(&signed, merchant().key().expose(), sign_type));
        assert_eq!(parameters.sign_type, sign_type);
    }
}

#[test]
fn trap_06_the_pay_sign_is_not_tied_to_md5() {
    let of = |sign_type| jsapi_parameters(&merchant(), sign_type, "wx2014", 1, "n").pay_sign.len();
    assert_eq!((of(SignType::Md5), of(SignType::HmacSha256)), (32, 64));
}

#[test]
fn the_merchant_key_is_not_printed() {
    assert!(!format!("{:?}", merchant()).contains("192006250b4c"));
}

#[test]
fn characters_that_wechat_refuses_are_removed() {
    let mut order = order(Trade::Native { product_id: "1".into() });
    order.body = "茶🍵 50 g".into();
    order.attach = Some("a🌸".into());
    let fields = sent(&order, SignType::HmacSha256);
    assert_eq!((fields.get("body"), fields.get("attach")), (Some("茶 50 g"), Some("a")));
}
