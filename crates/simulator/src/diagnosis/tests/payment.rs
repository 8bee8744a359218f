use serde_json::{Value, json};

use super::{
    v3::{certificate, rsa},
    *,
};
use crate::diagnosis::{
    PaymentSignature, explain_payment,
    payment::{PARAMETERS, V2_MISTAKES, V3_MISTAKES},
};

const APPIDS: [&str; 2] = ["wx5d1a0e4c7b2f9638", "wx8b3f6a1d0c9e2745"];

fn args(sign_type: &str, sign: &str) -> Value {
    json!({
        "appId": APPIDS[0], "timeStamp": "1700000000", "nonceStr": "aBc", "package": "prepay_id=wx1",
        "signType": sign_type, "paySign": sign,
    })
}

fn explained(args: Value, order: &str) -> Option<Diagnosis> {
    explain_payment(&PaymentSignature {
        args,
        sign_type: Some(order.to_owned()),
        appids: APPIDS.map(str::to_owned).to_vec(),
        keys: KnownKeys::demo(),
        certificate: certificate(),
        other_certificates: Vec::new(),
    })
}

const V2_TEXT: &str =
    "appId=wx5d1a0e4c7b2f9638&nonceStr=aBc&package=prepay_id=wx1&signType=MD5&timeStamp=1700000000";
const V3_TEXT: &str = "wx5d1a0e4c7b2f9638\n1700000000\naBc\nprepay_id=wx1\n";

fn md5(text: &str) -> Value {
    args("MD5", &upper(Digest::Md5, &format!("{text}&key={}", KnownKeys::demo().api_v2), ""))
}

fn without(name: &str) -> Value {
    let mut args = md5(V2_TEXT);
    args.as_object_mut().unwrap().remove(name);
    args
}

fn renamed(name: &str, other: &str) -> Value {
    let mut args = without(name);
    args[other] = "1".into();
    args
}

fn with(name: &str, value: impl Into<Value>) -> Value {
    let mut args = md5(V2_TEXT);
    args[name] = value.into();
    args
}

#[test]
fn each_mistake_of_the_parameters_is_named() {
    let cases = [
        ("appid_name", renamed("appId", "appid"), "MD5"),
        ("appid_missing", without("appId"), "MD5"),
        ("timestamp_number", with("timeStamp", 1_700_000_000), "MD5"),
        ("timestamp_name", renamed("timeStamp", "timestamp"), "MD5"),
        ("nonce_name", renamed("nonceStr", "noncestr"), "MD5"),
        ("package_missing", without("package"), "MD5"),
        ("package_without_prefix", with("package", "wx1"), "MD5"),
        ("pay_sign_name", renamed("paySign", "sign"), "MD5"),
        ("sign_type_missing", without("signType"), "MD5"),
        ("sign_type_sha1", with("signType", "SHA1"), "MD5"),
        ("rsa_for_v2", with("signType", "RSA"), "MD5"),
        ("v2_for_v3", md5(V2_TEXT), "RSA"),
        ("other_sign_type", md5(V2_TEXT), "HMAC-SHA256"),
    ];
    for (id, args, order) in &cases {
        assert_named(id, explained(args.clone(), order));
    }
    assert_complete(cases.iter().map(|(id, ..)| *id), PARAMETERS.iter().map(|mistake| mistake.id));
}

#[test]
fn each_mistake_of_a_v2_payment_is_named() {
    let cases = [
        ("prepay_id_alone", V2_TEXT.replace("prepay_id=", "")),
        ("parameter_case", V2_TEXT.replace("appId", "appid")),
        ("parameter_case", V2_TEXT.replace("timeStamp", "timestamp")),
    ];
    for (id, text) in &cases {
        assert_named(id, explained(md5(text), "MD5"));
    }
    assert_complete(cases.iter().map(|(id, _)| *id), V2_MISTAKES.iter().map(|mistake| mistake.id));
    // the mistakes of all V2 messages
    assert_named("field_missing", explained(md5(&V2_TEXT.replace("&signType=MD5", "")), "MD5"));
    let v3_key = format!("{V2_TEXT}&key={}", KnownKeys::demo().api_v3);
    assert_named("v3_key", explained(args("MD5", &upper(Digest::Md5, &v3_key, "")), "MD5"));
}

#[test]
fn each_mistake_of_a_v3_payment_is_named() {
    let cases = [
        ("prepay_id_alone", V3_TEXT.replace("prepay_id=", "")),
        ("other_appid", V3_TEXT.replace(APPIDS[0], APPIDS[1])),
        ("appid_line_missing", V3_TEXT.replace(&format!("{}\n", APPIDS[0]), "")),
        ("sign_type_line", format!("{V3_TEXT}RSA\n")),
        ("last_line_break_missing", V3_TEXT.trim_end().to_owned()),
        ("literal_line_breaks", V3_TEXT.replace('\n', "\\n")),
        ("crlf", V3_TEXT.replace('\n', "\r\n")),
        ("lines_swapped", V3_TEXT.replace("1700000000\naBc", "aBc\n1700000000")),
        ("form_of_v2", V2_TEXT.replace("=MD5", "=RSA")),
        ("other_timestamp", V3_TEXT.replace("1700000000", "1700000001")),
    ];
    for (id, text) in &cases {
        assert_named(id, explained(args("RSA", &rsa(text)), "RSA"));
    }
    assert_complete(cases.iter().map(|(id, _)| *id), V3_MISTAKES.iter().map(|mistake| mistake.id));
}

#[test]
fn a_correct_payment_is_never_blamed() {
    assert_eq!(explained(md5(V2_TEXT), "MD5"), None);
    assert_eq!(explained(args("RSA", &rsa(V3_TEXT)), "RSA"), None);
}
