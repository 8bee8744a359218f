use serde_json::json;
use wechat::wire::{
    Fields,
    sign::{SignType, verify},
    xml,
};

use crate::test_simulator::TestSimulator;

fn get<'a>(reply: &'a Fields, name: &str) -> &'a str {
    reply.get(name).unwrap_or_default()
}

/// Checks an unsigned refusal: it has exactly two fields.
#[track_caller]
fn assert_unsigned(reply: &Fields, message: &str) {
    assert_eq!(get(reply, "return_code"), "FAIL");
    assert_eq!(get(reply, "return_msg"), message);
    assert_eq!(reply.len(), 2, "nothing else, no signature");
}

#[track_caller]
fn assert_refused(sim: &TestSimulator, reply: &Fields, code: &str) {
    assert_eq!((get(reply, "return_code"), get(reply, "result_code")), ("SUCCESS", "FAIL"));
    assert_eq!(get(reply, "err_code"), code);
    assert!(verify(reply, &sim.account("api_v2_key"), SignType::HmacSha256), "signed");
}

#[tokio::test]
async fn the_response_to_an_order_uses_the_sign_type_of_the_request() {
    let sim = TestSimulator::start().await;
    for (sign_type, number) in [("MD5", "order1"), ("HMAC-SHA256", "order2")] {
        let order = sim.order(number).with("sign_type", sign_type);
        let reply = sim.call("/pay/unifiedorder", order).await;
        assert_eq!(get(&reply, "result_code"), "SUCCESS");
        assert_eq!(get(&reply, "prepay_id").len(), 36);
        assert!(verify(&reply, &sim.account("api_v2_key"), sign_type.parse().unwrap()));
    }
    let mut unnamed = sim.order("order3");
    unnamed.remove("sign_type");
    let reply = sim.call("/pay/unifiedorder", unnamed).await;
    assert!(verify(&reply, &sim.account("api_v2_key"), SignType::Md5), "MD5 without a sign_type");
}

#[tokio::test]
async fn each_required_field_is_required() {
    let sim = TestSimulator::start().await;
    for name in [
        "appid",
        "mch_id",
        "nonce_str",
        "body",
        "out_trade_no",
        "total_fee",
        "spbill_create_ip",
        "notify_url",
        "trade_type",
    ] {
        let mut order = sim.order("order1");
        order.remove(name);
        let reply = sim.call("/pay/unifiedorder", order).await;
        assert_unsigned(&reply, &format!("缺少参数{name}"));
    }
    let mut order = sim.order("order1");
    order.remove("openid");
    assert_unsigned(&sim.call("/pay/unifiedorder", order).await, "JSAPI支付必须传openid");
}

#[tokio::test]
async fn the_length_and_format_of_each_field_are_checked() {
    let sim = TestSimulator::start().await;
    let long = |length: usize| "x".repeat(length);
    for (name, value) in [
        ("device_info", long(33)),
        ("nonce_str", long(33)),
        ("body", "茶".repeat(43)),
        ("attach", long(128)),
        ("out_trade_no", long(33)),
        ("goods_tag", long(33)),
        ("notify_url", format!("https://shop.example/{}", long(256))),
        ("product_id", long(33)),
        ("openid", long(129)),
        ("detail", long(6001)),
        ("scene_info", long(257)),
        ("user_truename", long(65)),
    ] {
        let reply = sim.call("/pay/unifiedorder", sim.order("order1").with(name, value)).await;
        assert_unsigned(&reply, &format!("{name}参数长度有误"));
    }
    for (name, value) in [
        ("body", "a\nb"),
        ("out_trade_no", "12345"),
        ("out_trade_no", "1234@6"),
        ("total_fee", "0"),
        ("total_fee", "19.90"),
        ("total_fee", "-1"),
        ("fee_type", "USD"),
        ("spbill_create_ip", "localhost"),
        ("time_start", "2026-01-01"),
        ("time_expire", "20261301000000"),
        ("notify_url", "http://shop.example/notify"),
        ("notify_url", "https://shop.example/notify?a=b"),
        ("trade_type", "jsapi"),
        ("limit_pay", "credit"),
        ("receipt", "N"),
        ("profit_sharing", "y"),
        ("scene_info", "[]"),
        ("detail", "{}"),
        ("version", "2"),
        ("sign_type", "RSA"),
    ] {
        let reply = sim.call("/pay/unifiedorder", sim.order("order1").with(name, value)).await;
        assert_unsigned(&reply, &format!("{name}参数格式错误"));
    }
    let reply = sim.call("/pay/unifiedorder", sim.order("order1").with("timestamp", "1")).await;
    assert_unsigned(&reply, "参数格式校验错误：未知参数timestamp");
    assert_eq!(sim.ledger().await["orders"], json!([]));
}

#[tokio::test]
async fn the_other_trade_types_have_their_own_required_fields() {
    let sim = TestSimulator::start().await;
    let of = |trade_type: &str| {
        let mut order = sim.order(&format!("{trade_type}-order")).with("trade_type", trade_type);
        order.remove("openid");
        order
    };
    assert_unsigned(&sim.call("/pay/unifiedorder", of("NATIVE")).await, "缺少参数product_id");
    let reply = sim.call("/pay/unifiedorder", of("NATIVE").with("product_id", "1")).await;
    assert!(get(&reply, "code_url").starts_with("weixin://wxpay/bizpayurl?pr="));
    assert_unsigned(&sim.call("/pay/unifiedorder", of("MWEB")).await, "缺少参数scene_info");
    let wrong = of("MWEB").with("scene_info", "{\"h5_info\":{\"type\":\"Wap\"}}");
    assert_unsigned(&sim.call("/pay/unifiedorder", wrong).await, "scene_info参数格式错误");
    let scene = "{\"h5_info\":{\"type\":\"Wap\",\"wap_url\":\"https://a.example\",\"wap_name\":\"a\"}}";
    let reply = sim.call("/pay/unifiedorder", of("MWEB").with("scene_info", scene)).await;
    assert!(get(&reply, "mweb_url").contains("checkmweb?prepay_id="));
    let reply = sim.call("/pay/unifiedorder", of("APP")).await;
    assert_eq!(get(&reply, "result_code"), "SUCCESS");
}

#[tokio::test]
async fn an_unsigned_message_gets_an_unsigned_refusal() {
    let sim = TestSimulator::start().await;
    let order = xml::write(&sim.sign(sim.order("order1")));
    for (body, message) in [
        (String::new(), "post数据为空"),
        ("{}".to_owned(), "XML格式错误"),
        (format!("<!DOCTYPE xml>{order}"), "XML格式错误"),
        (order.replace("1990", "1991"), "签名错误"),
    ] {
        assert_unsigned(&sim.send("/pay/unifiedorder", body).await, message);
    }
    assert_unsigned(&sim.send("/pay/unifiedorder", vec![b'<', 0xff]).await, "编码格式错误");
    let other_type = order.replace("HMAC-SHA256", "MD5");
    assert_unsigned(&sim.send("/pay/unifiedorder", other_type).await, "签名错误");
    let unsigned = xml::write(&sim.order("order1"));
    assert_unsigned(&sim.send("/pay/unifiedorder", unsigned).await, "缺少参数sign");
    let get = sim.get("/pay/unifiedorder").await.bytes().await.unwrap();
    assert_unsigned(&xml::parse(&get).unwrap(), "请使用post方法");
    let foreign = sim.order("order1").with("mch_id", "1900000000");
    assert_unsigned(&sim.call("/pay/unifiedorder", foreign).await, "mch_id参数格式错误");
    let foreign = sim.order("order1").with("appid", "wx0000000000000000");
    assert_unsigned(&sim.call("/pay/unifiedorder", foreign).await, "appid和mch_id不匹配");
}

#[tokio::test]
async fn a_repeated_order_is_accepted_and_a_different_one_is_refused() {
    let sim = TestSimulator::start().await;
    let first = sim.place_order("order1").await;
    let again = sim.order("order1").with("nonce_str", "another");
    let reply = sim.call("/pay/unifiedorder", again).await;
    assert_eq!(get(&reply, "result_code"), "SUCCESS");
    assert_ne!(get(&reply, "prepay_id"), first, "a new prepay_id, valid for two more hours");
    assert_eq!(sim.ledger().await["orders"].as_array().unwrap().len(), 1);
    for (name, value) in [("total_fee", "1"), ("attach", "c"), ("trade_type", "APP"), ("goods_tag", "g")] {
        let reply = sim.call("/pay/unifiedorder", sim.order("order1").with(name, value)).await;
        assert_refused(&sim, &reply, "INVALID_REQUEST");
        assert_eq!(get(&reply, "err_code_des"), "201 商户订单号重复");
    }
}

#[tokio::test]
async fn a_paid_or_closed_order_cannot_be_ordered_again() {
    let sim = TestSimulator::start().await;
    sim.place_order("order1").await;
    sim.pay_order("order1").await;
    assert_refused(&sim, &sim.call("/pay/unifiedorder", sim.order("order1")).await, "ORDERPAID");
    sim.place_order("order2").await;
    let close = sim.signed_as("HMAC-SHA256").with("out_trade_no", "order2");
    for _ in 0..2 {
        let reply = sim.call("/pay/closeorder", close.clone()).await;
        assert_eq!(get(&reply, "result_code"), "SUCCESS", "an order can be closed twice");
    }
    assert_refused(&sim, &sim.call("/pay/unifiedorder", sim.order("order2")).await, "ORDERCLOSED");
    let close_paid = sim.signed_as("HMAC-SHA256").with("out_trade_no", "order1");
    assert_refused(&sim, &sim.call("/pay/closeorder", close_paid).await, "ORDERPAID");
    let unknown = sim.signed_as("HMAC-SHA256").with("out_trade_no", "order3");
    assert_refused(&sim, &sim.call("/pay/closeorder", unknown).await, "ORDERNOTEXIST");
}

#[tokio::test]
async fn closing_in_the_first_five_minutes_can_be_refused() {
    let sim = TestSimulator::start().await;
    sim.control("account", json!({ "early_close": "refuse" })).await;
    sim.place_order("order1").await;
    let close = sim.signed_as("HMAC-SHA256").with("out_trade_no", "order1");
    assert_refused(&sim, &sim.call("/pay/closeorder", close.clone()).await, "TRADE_STATE_ERROR");
    sim.advance(300).await;
    assert_eq!(get(&sim.call("/pay/closeorder", close).await, "result_code"), "SUCCESS");
}

#[tokio::test]
async fn an_order_of_an_unknown_user_is_refused() {
    let sim = TestSimulator::start().await;
    let order = sim.order("order1").with("openid", "o-nobody");
    assert_refused(&sim, &sim.call("/pay/unifiedorder", order).await, "PARAM_ERROR");
}

#[tokio::test]
async fn a_query_returns_the_state_at_each_stage() {
    let sim = TestSimulator::start().await;
    assert_refused(&sim, &sim.query("order1").await, "ORDERNOTEXIST");
    sim.place_order("order1").await;
    let open = sim.query("order1").await;
    assert_eq!((get(&open, "trade_state"), open.get("openid")), ("NOTPAY", None));
    sim.pay_order("order1").await;
    let paid = sim.query("order1").await;
    assert!(verify(&paid, &sim.account("api_v2_key"), SignType::HmacSha256));
    assert_eq!(get(&paid, "trade_state"), "SUCCESS");
    assert_eq!(get(&paid, "total_fee"), "1990");
    assert_eq!(get(&paid, "attach"), "a & b");
    assert_eq!(get(&paid, "openid"), sim.openid);
    let transaction_id = get(&paid, "transaction_id");
    assert!(transaction_id.len() == 28 && transaction_id.starts_with("4200"));
    let both =
        sim.signed_as("HMAC-SHA256").with("transaction_id", transaction_id).with("out_trade_no", "order9");
    assert_eq!(get(&sim.call("/pay/orderquery", both).await, "out_trade_no"), "order1");
    let prepay_id = sim.ledger().await["orders"][0]["prepay_id"].as_str().unwrap().to_owned();
    let wrong = sim.signed_as("HMAC-SHA256").with("transaction_id", prepay_id.get(..32).unwrap());
    assert_refused(&sim, &sim.call("/pay/orderquery", wrong).await, "ORDERNOTEXIST");
    let none = sim.call("/pay/orderquery", sim.signed_as("MD5")).await;
    assert_unsigned(&none, "缺少参数out_trade_no");
}

#[tokio::test]
async fn an_order_expires_at_its_time_expire_or_after_seven_days() {
    let sim = TestSimulator::start().await;
    let now = v2_time_in(600);
    let reply = sim.call("/pay/unifiedorder", sim.order("order1").with("time_expire", now)).await;
    assert_eq!(get(&reply, "result_code"), "SUCCESS");
    sim.place_order("order2").await;
    sim.advance(601).await;
    assert_eq!(get(&sim.query("order1").await, "trade_state"), "CLOSED");
    let (status, _) = sim.try_control("pay", json!({ "out_trade_no": "order1", "outcome": "ok" })).await;
    assert_eq!(status, 409);
    assert_eq!(get(&sim.query("order2").await, "trade_state"), "NOTPAY");
    sim.advance(7 * 86400).await;
    assert_eq!(get(&sim.query("order2").await, "trade_state"), "CLOSED");
}

#[tokio::test]
async fn a_time_expire_that_is_too_early_is_refused_or_extended() {
    let sim = TestSimulator::start().await;
    let soon = |number: &str| sim.order(number).with("time_expire", v2_time_in(30));
    assert_refused(&sim, &sim.call("/pay/unifiedorder", soon("order1")).await, "INVALID_REQUEST");
    sim.control("account", json!({ "short_expiry": "adjust" })).await;
    let reply = sim.call("/pay/unifiedorder", soon("order2")).await;
    assert_eq!(get(&reply, "result_code"), "SUCCESS");
    sim.advance(58).await;
    assert_eq!(get(&sim.query("order2").await, "trade_state"), "NOTPAY");
    sim.advance(2).await;
    assert_eq!(get(&sim.query("order2").await, "trade_state"), "CLOSED");
}

#[tokio::test]
async fn coupons_reduce_the_amount_that_the_user_pays() {
    let sim = TestSimulator::start().await;
    sim.place_order("order1").await;
    sim.control("pay", json!({ "out_trade_no": "order1", "outcome": "ok", "coupon_fee": 90 })).await;
    let paid = sim.query("order1").await;
    assert_eq!((get(&paid, "total_fee"), get(&paid, "cash_fee")), ("1990", "1900"));
    assert_eq!((get(&paid, "coupon_fee"), get(&paid, "coupon_fee_0")), ("90", "90"));
    assert_eq!(get(&paid, "settlement_total_fee"), "1900");
}

#[tokio::test]
async fn a_report_is_accepted() {
    let sim = TestSimulator::start().await;
    let report = sim
        .signed_as("MD5")
        .with("interface_url", "https://api.mch.weixin.qq.com/pay/batchreport/micropay/total")
        .with("user_ip", "127.0.0.1");
    assert_unsigned(&sim.call("/payitil/report", report.clone()).await, "缺少参数trades");
    let reply = sim.call("/payitil/report", report.with("trades", "[{\"out_trade_no\":\"order1\"}]")).await;
    assert_eq!(get(&reply, "result_code"), "SUCCESS");
}

/// The time in this many seconds as `yyyyMMddHHmmss` in Shanghai.
#[expect(clippy::disallowed_methods, reason = "the test uses the system clock like the shop")]
fn v2_time_in(ahead: i64) -> String {
    let at = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(ahead);
    jiff::tz::Offset::constant(8).to_datetime(at).strftime("%Y%m%d%H%M%S").to_string()
}
