//! The formats of the fields.

use std::net::IpAddr;

use serde_json::Value;
use url::{Host, Url};

use crate::clock;

/// No line break and no control character.
pub(crate) fn printable(value: &str) -> bool {
    !value.chars().any(char::is_control)
}

pub(crate) fn out_trade_no(value: &str) -> bool {
    value.len() >= 6 && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-|*".contains(&byte))
}

/// A refund number may contain `@` and may be shorter than an order number.
pub(crate) fn out_refund_no(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-|*@".contains(&byte))
}

pub(super) fn refund_account(value: &str) -> bool {
    ["REFUND_SOURCE_UNSETTLED_FUNDS", "REFUND_SOURCE_RECHARGE_FUNDS"].contains(&value)
}

pub(super) fn number(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_digit())
}

pub(super) fn positive(value: &str) -> bool {
    number(value) && !value.starts_with('0')
}

pub(crate) fn ip_address(value: &str) -> bool {
    value.parse::<IpAddr>().is_ok()
}

pub(super) fn v2_time(value: &str) -> bool {
    clock::parse_v2_time(value).is_some()
}

pub(super) fn day(value: &str) -> bool {
    clock::parse_day("%Y%m%d", value).is_some()
}

pub(super) fn bill_type(value: &str) -> bool {
    ["ALL", "SUCCESS", "REFUND", "RECHARGE_REFUND"].contains(&value)
}

pub(super) fn account_type(value: &str) -> bool {
    ["Basic", "Operation", "Fees"].contains(&value)
}

pub(super) fn is_gzip(value: &str) -> bool {
    value == "GZIP"
}

pub(super) fn is_hmac(value: &str) -> bool {
    value == "HMAC-SHA256"
}

pub(super) fn trade_type(value: &str) -> bool {
    ["JSAPI", "NATIVE", "APP", "MWEB"].contains(&value)
}

pub(crate) fn is_cny(value: &str) -> bool {
    value == "CNY"
}

pub(super) fn is_no_credit(value: &str) -> bool {
    value == "no_credit"
}

pub(super) fn is_y(value: &str) -> bool {
    value == "Y"
}

pub(super) fn y_or_n(value: &str) -> bool {
    value == "Y" || value == "N"
}

pub(super) fn is_one(value: &str) -> bool {
    value == "1.0"
}

pub(super) fn web_address(value: &str) -> bool {
    Url::parse(value).is_ok_and(|url| ["http", "https"].contains(&url.scheme()))
}

/// A public address without a query. It must be `https`, except for addresses of this machine or its network.
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

pub(super) fn json_object(value: &str) -> bool {
    matches!(serde_json::from_str(value), Ok(Value::Object(_)))
}

pub(super) fn json_array(value: &str) -> bool {
    matches!(serde_json::from_str(value), Ok(Value::Array(_)))
}

/// `{"goods_detail":[{goods_id, quantity, price, …}], cost_price?, receipt_id?}`.
pub(super) fn detail(value: &str) -> bool {
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
