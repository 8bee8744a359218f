//! The tables of what a V2 request may carry (wechat-protocol.md, 4.2 to 4.6 and 4.9).
//!
//! Lengths are counted in bytes of UTF-8, and where documents of different dates disagree the tighter one
//! holds: `body` 127 instead of 128, `out_trade_no` without `@`.

use std::{fmt, net::IpAddr};

use serde_json::Value;
use url::{Host, Url};
use wechat::wire::Fields;

use crate::clock;

/// One line of a table.
pub(crate) struct Field {
    name: &'static str,
    required: bool,
    max: usize,
    check: fn(&str) -> bool,
}

const fn required(name: &'static str, max: usize, check: fn(&str) -> bool) -> Field {
    Field { name, required: true, max, check }
}

const fn optional(name: &'static str, max: usize, check: fn(&str) -> bool) -> Field {
    Field { name, required: false, max, check }
}

/// `POST /pay/unifiedorder`.
pub(crate) const UNIFIEDORDER: &[Field] = &[
    required("appid", 32, any),
    required("mch_id", 32, any),
    optional("device_info", 32, any),
    required("nonce_str", 32, any),
    required("sign", 64, any),
    optional("sign_type", 32, any),
    required("body", 127, any),
    optional("detail", 6000, detail),
    optional("attach", 127, any),
    required("out_trade_no", 32, out_trade_no),
    optional("fee_type", 16, is_cny),
    required("total_fee", 10, positive),
    required("spbill_create_ip", 64, ip_address),
    optional("time_start", 14, v2_time),
    optional("time_expire", 14, v2_time),
    optional("goods_tag", 32, any),
    required("notify_url", 256, notify_url),
    required("trade_type", 16, trade_type),
    optional("product_id", 32, any),
    optional("limit_pay", 32, is_no_credit),
    optional("openid", 128, any),
    optional("receipt", 8, is_y),
    optional("profit_sharing", 1, y_or_n),
    optional("scene_info", 256, json_object),
    optional("user_type", 32, any),
    optional("user_creid", 32, any),
    optional("user_truename", 64, any),
    optional("version", 32, is_one),
];

/// `POST /pay/orderquery`: one of the two numbers is required, which the call itself looks at.
pub(crate) const ORDERQUERY: &[Field] = &[
    required("appid", 32, any),
    required("mch_id", 32, any),
    optional("transaction_id", 32, any),
    optional("out_trade_no", 32, out_trade_no),
    required("nonce_str", 32, any),
    required("sign", 64, any),
    optional("sign_type", 32, any),
];

/// `POST /pay/closeorder`.
pub(crate) const CLOSEORDER: &[Field] = &[
    required("appid", 32, any),
    required("mch_id", 32, any),
    required("out_trade_no", 32, out_trade_no),
    required("nonce_str", 32, any),
    required("sign", 64, any),
    optional("sign_type", 32, any),
];

/// `POST /secapi/pay/refund`: one of the order's two numbers is required, which the call itself looks at.
pub(crate) const REFUND: &[Field] = &[
    required("appid", 32, any),
    required("mch_id", 32, any),
    required("nonce_str", 32, any),
    required("sign", 64, any),
    optional("sign_type", 32, any),
    optional("transaction_id", 32, any),
    optional("out_trade_no", 32, out_trade_no),
    required("out_refund_no", 64, out_refund_no),
    required("total_fee", 10, positive),
    required("refund_fee", 10, positive),
    optional("refund_fee_type", 8, is_cny),
    optional("refund_desc", 80, any),
    optional("refund_account", 30, refund_account),
    // of older documents, and still of the mini programs'
    optional("op_user_id", 32, any),
    optional("notify_url", 256, notify_url),
];

/// `POST /pay/refundquery`: one of the four numbers is required, which the call itself looks at.
pub(crate) const REFUNDQUERY: &[Field] = &[
    required("appid", 32, any),
    required("mch_id", 32, any),
    required("nonce_str", 32, any),
    required("sign", 64, any),
    optional("sign_type", 32, any),
    optional("transaction_id", 32, any),
    optional("out_trade_no", 32, out_trade_no),
    optional("out_refund_no", 64, out_refund_no),
    optional("refund_id", 32, any),
    optional("offset", 4, number),
];

/// `POST /payitil/report`: the batch form, and the older one that reports a single call.
pub(crate) const REPORT: &[Field] = &[
    required("appid", 32, any),
    required("mch_id", 32, any),
    optional("device_info", 32, any),
    required("nonce_str", 32, any),
    required("sign", 64, any),
    optional("sign_type", 32, any),
    required("interface_url", 127, web_address),
    required("user_ip", 16, ip_address),
    optional("trades", 1024, json_array),
    optional("execute_time_", 10, number),
    optional("return_code", 16, any),
    optional("return_msg", 128, any),
    optional("result_code", 16, any),
    optional("err_code", 32, any),
    optional("err_code_des", 128, any),
    optional("out_trade_no", 32, out_trade_no),
    optional("time", 14, v2_time),
];

/// `POST /pay/micropay`.
pub(crate) const MICROPAY: &[Field] = &[
    required("appid", 32, any),
    required("mch_id", 32, any),
    optional("device_info", 32, any),
    required("nonce_str", 32, any),
    required("sign", 64, any),
    optional("sign_type", 32, any),
    required("body", 127, any),
    optional("detail", 6000, json_object),
    optional("attach", 127, any),
    required("out_trade_no", 32, out_trade_no),
    required("total_fee", 10, positive),
    optional("fee_type", 16, is_cny),
    required("spbill_create_ip", 64, ip_address),
    optional("goods_tag", 32, any),
    optional("limit_pay", 32, is_no_credit),
    optional("time_start", 14, v2_time),
    optional("time_expire", 14, v2_time),
    optional("receipt", 8, is_y),
    // what is wrong with it has a code of its own
    required("auth_code", 128, any),
    optional("profit_sharing", 1, y_or_n),
    optional("scene_info", 256, json_object),
    optional("version", 32, is_one),
];

/// `POST /secapi/pay/reverse`: one of the two numbers is required, which the call itself looks at.
pub(crate) const REVERSE: &[Field] = &[
    required("appid", 32, any),
    required("mch_id", 32, any),
    optional("transaction_id", 32, any),
    optional("out_trade_no", 32, out_trade_no),
    required("nonce_str", 32, any),
    required("sign", 64, any),
    optional("sign_type", 32, any),
];

/// `POST /pay/downloadbill`.
pub(crate) const DOWNLOADBILL: &[Field] = &[
    required("appid", 32, any),
    required("mch_id", 32, any),
    optional("device_info", 32, any),
    required("nonce_str", 32, any),
    required("sign", 64, any),
    optional("sign_type", 32, any),
    required("bill_date", 8, day),
    optional("bill_type", 16, bill_type),
    optional("tar_type", 4, is_gzip),
];

/// `POST /pay/downloadfundflow`: signed with HMAC-SHA256 only.
pub(crate) const DOWNLOADFUNDFLOW: &[Field] = &[
    required("appid", 32, any),
    required("mch_id", 32, any),
    required("nonce_str", 32, any),
    required("sign", 64, any),
    optional("sign_type", 32, is_hmac),
    required("bill_date", 8, day),
    required("account_type", 16, account_type),
    optional("tar_type", 4, is_gzip),
];

/// What is wrong with the fields; `return_msg` says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    Unknown(String),
    Missing(&'static str),
    Length(&'static str),
    Format(&'static str),
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(name) => write!(f, "参数格式校验错误：未知参数{name}"),
            Self::Missing(name) => write!(f, "缺少参数{name}"),
            Self::Length(name) => write!(f, "{name}参数长度有误"),
            Self::Format(name) => write!(f, "{name}参数格式错误"),
        }
    }
}

pub(crate) fn check(table: &[Field], given: &Fields) -> Result<(), Wrong> {
    for (name, _) in given.iter() {
        if !table.iter().any(|field| field.name == name) {
            return Err(Wrong::Unknown(name.to_owned()));
        }
    }
    for field in table {
        match given.get(field.name).filter(|value| !value.is_empty()) {
            None if field.required => return Err(Wrong::Missing(field.name)),
            None => {}
            Some(value) if value.len() > field.max => return Err(Wrong::Length(field.name)),
            Some(value) if !(field.check)(value) => return Err(Wrong::Format(field.name)),
            Some(_) => {}
        }
    }
    Ok(())
}

fn any(value: &str) -> bool {
    // a line break or a control character is never meant
    !value.chars().any(char::is_control)
}

pub(crate) fn out_trade_no(value: &str) -> bool {
    value.len() >= 6 && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-|*".contains(&byte))
}

/// A refund's number may have an `@`, and be shorter than an order's.
pub(crate) fn out_refund_no(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-|*@".contains(&byte))
}

fn refund_account(value: &str) -> bool {
    ["REFUND_SOURCE_UNSETTLED_FUNDS", "REFUND_SOURCE_RECHARGE_FUNDS"].contains(&value)
}

fn number(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_digit())
}

fn positive(value: &str) -> bool {
    number(value) && !value.starts_with('0')
}

pub(crate) fn ip_address(value: &str) -> bool {
    value.parse::<IpAddr>().is_ok()
}

fn v2_time(value: &str) -> bool {
    clock::parse_v2_time(value).is_some()
}

fn day(value: &str) -> bool {
    clock::parse_day("%Y%m%d", value).is_some()
}

fn bill_type(value: &str) -> bool {
    ["ALL", "SUCCESS", "REFUND", "RECHARGE_REFUND"].contains(&value)
}

fn account_type(value: &str) -> bool {
    ["Basic", "Operation", "Fees"].contains(&value)
}

fn is_gzip(value: &str) -> bool {
    value == "GZIP"
}

fn is_hmac(value: &str) -> bool {
    value == "HMAC-SHA256"
}

fn trade_type(value: &str) -> bool {
    ["JSAPI", "NATIVE", "APP", "MWEB"].contains(&value)
}

fn is_cny(value: &str) -> bool {
    value == "CNY"
}

fn is_no_credit(value: &str) -> bool {
    value == "no_credit"
}

fn is_y(value: &str) -> bool {
    value == "Y"
}

fn y_or_n(value: &str) -> bool {
    value == "Y" || value == "N"
}

fn is_one(value: &str) -> bool {
    value == "1.0"
}

fn web_address(value: &str) -> bool {
    Url::parse(value).is_ok_and(|url| ["http", "https"].contains(&url.scheme()))
}

/// Public, without a query; `https` but for an address that only this machine or its network can reach.
pub(crate) fn notify_url(value: &str) -> bool {
    let Ok(url) = Url::parse(value) else { return false };
    let private = match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback() || ip.is_private(),
        Some(Host::Ipv6(ip)) => ip.is_loopback() || ip.is_unique_local(),
        Some(Host::Domain(name)) => name == "localhost" || !name.contains('.'),
        None => return false,
    };
    let scheme = url.scheme() == "https" || (url.scheme() == "http" && private);
    scheme && url.query().is_none() && url.fragment().is_none()
}

fn json_object(value: &str) -> bool {
    matches!(serde_json::from_str(value), Ok(Value::Object(_)))
}

fn json_array(value: &str) -> bool {
    matches!(serde_json::from_str(value), Ok(Value::Array(_)))
}

/// `{"goods_detail":[{goods_id, quantity, price, …}], cost_price?, receipt_id?}`.
fn detail(value: &str) -> bool {
    let Ok(Value::Object(detail)) = serde_json::from_str(value) else { return false };
    let known = ["cost_price", "receipt_id", "goods_detail"];
    let goods = detail.get("goods_detail").and_then(Value::as_array);
    detail.keys().all(|key| known.contains(&key.as_str()))
        && goods.is_some_and(|goods| !goods.is_empty() && goods.iter().all(good))
}

fn good(good: &Value) -> bool {
    let Value::Object(good) = good else { return false };
    let known = ["goods_id", "wxpay_goods_id", "goods_name", "quantity", "price"];
    good.keys().all(|key| known.contains(&key.as_str()))
        && good.get("goods_id").is_some_and(Value::is_string)
        && good.get("quantity").and_then(Value::as_u64).is_some_and(|quantity| quantity > 0)
        && good.get("price").is_some_and(Value::is_u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notify_url_is_public_or_local_and_has_no_query() {
        for good in ["https://shop.example.com/a", "http://127.0.0.1:3000/a", "http://localhost:8901/a"] {
            assert!(notify_url(good), "{good}");
        }
        for bad in [
            "http://shop.example.com/a",
            "https://a.example/b?c=d",
            "ftp://localhost/",
            "/a",
            "https://a.b/c#d",
        ] {
            assert!(!notify_url(bad), "{bad}");
        }
    }

    #[test]
    fn an_amount_is_a_whole_number_of_fen() {
        assert!(positive("1990"));
        for bad in ["0", "19.90", "-1", "1e3", "+5", "01", " 1"] {
            assert!(!positive(bad), "{bad}");
        }
    }

    #[test]
    fn an_order_number_has_6_to_32_characters_of_the_documented_set() {
        assert!(out_trade_no("A_-|*1"));
        for bad in ["12345", "1234 6", "12345@", "订单号一二三"] {
            assert!(!out_trade_no(bad), "{bad}");
        }
    }

    #[test]
    fn goods_are_listed_with_their_fields_only() {
        assert!(detail(r#"{"goods_detail":[{"goods_id":"a","quantity":1,"price":2}]}"#));
        for bad in ["{}", "[]", r#"{"goods_detail":[]}"#, r#"{"goods_detail":[{"goods_id":"a"}]}"#] {
            assert!(!detail(bad), "{bad}");
        }
    }
}
