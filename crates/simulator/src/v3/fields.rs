//! The tables of what a V3 body may carry (wechat-protocol.md, 5.4 to 5.6).

use serde_json::Value;

use super::V3Error;
use crate::pay::{ip_address, notify_url, out_refund_no, out_trade_no};

/// One line of a table.
pub(super) struct Field {
    name: &'static str,
    required: bool,
    kind: Kind,
}

enum Kind {
    /// At most so many characters, of this form.
    Text(usize, fn(&str) -> bool),
    /// At least this.
    Number(i64),
    Flag,
    Object(&'static [Field]),
    Objects(&'static [Field]),
    Texts(usize),
}

use Kind::{Flag, Number, Object, Objects, Text, Texts};

const fn required(name: &'static str, kind: Kind) -> Field {
    Field { name, required: true, kind }
}

const fn optional(name: &'static str, kind: Kind) -> Field {
    Field { name, required: false, kind }
}

const AMOUNT: &[Field] = &[required("total", Number(1)), optional("currency", Text(16, is_cny))];

const DETAIL: &[Field] = &[
    optional("cost_price", Number(0)),
    optional("invoice_id", Text(32, any)),
    optional(
        "goods_detail",
        Objects(&[
            required("merchant_goods_id", Text(32, any)),
            optional("wechatpay_goods_id", Text(32, any)),
            optional("goods_name", Text(256, any)),
            required("quantity", Number(1)),
            required("unit_price", Number(0)),
        ]),
    ),
];

const STORE_INFO: &[Field] = &[
    required("id", Text(32, any)),
    optional("name", Text(256, any)),
    optional("area_code", Text(32, any)),
    optional("address", Text(512, any)),
];

const SCENE_INFO: &[Field] = &[
    required("payer_client_ip", Text(45, ip_address)),
    optional("device_id", Text(32, any)),
    optional("store_info", Object(STORE_INFO)),
];

const H5_INFO: &[Field] = &[
    required("type", Text(32, h5_type)),
    optional("app_name", Text(64, any)),
    optional("app_url", Text(128, any)),
    optional("bundle_id", Text(128, any)),
    optional("package_name", Text(128, any)),
];

const H5_SCENE_INFO: &[Field] = &[
    required("payer_client_ip", Text(45, ip_address)),
    optional("device_id", Text(32, any)),
    optional("store_info", Object(STORE_INFO)),
    required("h5_info", Object(H5_INFO)),
];

macro_rules! order {
    ($($own:expr),*) => {
        &[
            required("appid", Text(32, any)),
            required("mchid", Text(32, any)),
            required("description", Text(127, any)),
            required("out_trade_no", Text(32, out_trade_no)),
            optional("time_expire", Text(64, rfc3339)),
            optional("attach", Text(128, any)),
            required("notify_url", Text(255, notify_url)),
            optional("goods_tag", Text(32, any)),
            optional("support_fapiao", Flag),
            required("amount", Object(AMOUNT)),
            optional("detail", Object(DETAIL)),
            optional("settle_info", Object(&[optional("profit_sharing", Flag)])),
            optional("limit_pay", Texts(32)),
            $($own),*
        ]
    };
}

/// `POST /v3/pay/transactions/jsapi`.
pub(super) const JSAPI: &[Field] = order!(
    required("payer", Object(&[required("openid", Text(128, any))])),
    optional("scene_info", Object(SCENE_INFO))
);

/// `…/native` and `…/app`.
pub(super) const NATIVE_AND_APP: &[Field] = order!(optional("scene_info", Object(SCENE_INFO)));

/// `…/h5`.
pub(super) const H5: &[Field] = order!(required("scene_info", Object(H5_SCENE_INFO)));

/// `POST /v3/pay/transactions/codepay`.
pub(super) const CODEPAY: &[Field] = &[
    required("appid", Text(32, any)),
    required("mchid", Text(32, any)),
    required("description", Text(127, any)),
    required("out_trade_no", Text(32, out_trade_no)),
    optional("attach", Text(128, any)),
    optional("goods_tag", Text(32, any)),
    optional("support_fapiao", Flag),
    required("payer", Object(&[required("auth_code", Text(32, any))])),
    required("amount", Object(AMOUNT)),
    required(
        "scene_info",
        Object(&[
            optional("device_id", Text(32, any)),
            optional("device_ip", Text(45, ip_address)),
            required(
                "store_info",
                Object(&[optional("id", Text(32, any)), optional("out_id", Text(32, any))]),
            ),
        ]),
    ),
    optional("detail", Object(DETAIL)),
    optional("settle_info", Object(&[optional("profit_sharing", Flag)])),
];

/// `…/out-trade-no/{…}/reverse`.
pub(super) const REVERSE: &[Field] = &[required("appid", Text(32, any)), required("mchid", Text(32, any))];

/// `…/close`.
pub(super) const CLOSE: &[Field] = &[required("mchid", Text(32, any))];

const COMBINED_SCENE_INFO: &[Field] =
    &[required("payer_client_ip", Text(45, ip_address)), optional("device_id", Text(16, any))];

const COMBINED_H5_SCENE_INFO: &[Field] = &[
    required("payer_client_ip", Text(45, ip_address)),
    optional("device_id", Text(16, any)),
    required("h5_info", Object(H5_INFO)),
];

const COMBINED_PAYER: &[Field] = &[required("openid", Text(128, any))];

const SUB_ORDER: &[Field] = &[
    required("mchid", Text(32, any)),
    required("attach", Text(128, any)),
    required("amount", Object(&[required("total_amount", Number(1)), required("currency", Text(8, is_cny))])),
    required("out_trade_no", Text(32, out_trade_no)),
    optional("detail", Text(6000, any)),
    optional("goods_tag", Text(32, any)),
    required("description", Text(127, any)),
    optional(
        "settle_info",
        Object(&[optional("profit_sharing", Flag), optional("subsidy_amount", Number(0))]),
    ),
];

macro_rules! combined {
    ($($own:expr),*) => {
        &[
            required("combine_appid", Text(32, any)),
            required("combine_mchid", Text(32, any)),
            required("combine_out_trade_no", Text(32, out_trade_no)),
            required("sub_orders", Objects(SUB_ORDER)),
            optional("time_start", Text(64, rfc3339)),
            optional("time_expire", Text(64, rfc3339)),
            required("notify_url", Text(255, notify_url)),
            optional("limit_pay", Texts(32)),
            $($own),*
        ]
    };
}

/// `POST /v3/combine-transactions/jsapi`.
pub(super) const COMBINE_JSAPI: &[Field] = combined!(
    required("combine_payer_info", Object(COMBINED_PAYER)),
    optional("scene_info", Object(COMBINED_SCENE_INFO))
);

/// `…/app`.
pub(super) const COMBINE_APP: &[Field] = combined!(
    optional("combine_payer_info", Object(COMBINED_PAYER)),
    optional("scene_info", Object(COMBINED_SCENE_INFO))
);

/// `…/native`.
pub(super) const COMBINE_NATIVE: &[Field] = combined!(optional("scene_info", Object(COMBINED_SCENE_INFO)));

/// `…/h5`.
pub(super) const COMBINE_H5: &[Field] = combined!(required("scene_info", Object(COMBINED_H5_SCENE_INFO)));

/// `…/out-trade-no/{…}/close`.
pub(super) const COMBINE_CLOSE: &[Field] = &[
    required("combine_appid", Text(32, any)),
    required(
        "sub_orders",
        Objects(&[required("mchid", Text(32, any)), required("out_trade_no", Text(32, out_trade_no))]),
    ),
];

/// `POST /v3/refund/domestic/refunds`: one of the order's two numbers is required, which the call itself looks at.
pub(super) const REFUND: &[Field] = &[
    optional("transaction_id", Text(32, any)),
    optional("out_trade_no", Text(32, out_trade_no)),
    required("out_refund_no", Text(64, out_refund_no)),
    optional("reason", Text(80, any)),
    optional("notify_url", Text(256, notify_url)),
    optional("funds_account", Text(32, is_available)),
    required(
        "amount",
        Object(&[
            required("refund", Number(1)),
            optional("from", Objects(&[required("account", Text(32, any)), required("amount", Number(1))])),
            required("total", Number(1)),
            required("currency", Text(16, is_cny)),
        ]),
    ),
    optional(
        "goods_detail",
        Objects(&[
            required("merchant_goods_id", Text(32, any)),
            optional("wechatpay_goods_id", Text(32, any)),
            optional("goods_name", Text(256, any)),
            required("unit_price", Number(0)),
            required("refund_amount", Number(0)),
            required("refund_quantity", Number(1)),
        ]),
    ),
];

/// `…/{refund_id}/apply-abnormal-refund`: what a user's card needs the call itself looks at.
pub(super) const ABNORMAL: &[Field] = &[
    required("out_refund_no", Text(64, out_refund_no)),
    required("type", Text(32, abnormal_type)),
    optional("bank_type", Text(16, any)),
    // encrypted
    optional("bank_account", Text(1024, any)),
    optional("real_name", Text(1024, any)),
];

/// Whether the body is as the table says; the field that is not is named by its path.
pub(super) fn check(table: &[Field], given: &Value, path: &str) -> Result<(), V3Error> {
    let Some(object) = given.as_object() else {
        return Err(V3Error::field(path, given, "不是对象"));
    };
    if let Some((name, value)) = object.iter().find(|(name, _)| table.iter().all(|field| field.name != *name))
    {
        return Err(V3Error {
            internal: 270_924_358,
            ..V3Error::field(&format!("{path}/{name}"), value, "未知字段")
        });
    }
    for field in table {
        let path = format!("{path}/{}", field.name);
        match object.get(field.name) {
            None if field.required => return Err(V3Error::field(&path, &Value::Null, "必填项缺失")),
            None => {}
            Some(value) => field.kind.check(value, &path)?,
        }
    }
    Ok(())
}

impl Kind {
    fn check(&self, value: &Value, path: &str) -> Result<(), V3Error> {
        let issue = match (self, value) {
            (Text(most, _), Value::String(text)) if text.is_empty() || text.len() > *most => {
                "字符串长度不合规则"
            }
            (Text(_, form), Value::String(text)) => {
                if form(text) {
                    return Ok(());
                }
                "字符串格式不合规则"
            }
            (Number(least), Value::Number(number)) => match number.as_i64() {
                Some(number) if number >= *least && number <= 1_000_000_000 => return Ok(()),
                Some(_) => "数值超出范围",
                None => "不是整数",
            },
            (Flag, Value::Bool(_)) => return Ok(()),
            (Object(table), value) => return check(table, value, path),
            (Objects(table), Value::Array(values)) => {
                return (0..)
                    .zip(values)
                    .try_for_each(|(n, each): (usize, _)| check(table, each, &format!("{path}/{n}")));
            }
            (Texts(most), Value::Array(values)) => {
                if values
                    .iter()
                    .all(|each| each.as_str().is_some_and(|text| !text.is_empty() && text.len() <= *most))
                {
                    return Ok(());
                }
                "字符串长度不合规则"
            }
            _ => "类型不符",
        };
        Err(V3Error::field(path, value, issue))
    }
}

fn any(value: &str) -> bool {
    !value.chars().any(char::is_control)
}

fn is_cny(value: &str) -> bool {
    value == "CNY"
}

fn is_available(value: &str) -> bool {
    value == "AVAILABLE"
}

fn abnormal_type(value: &str) -> bool {
    ["USER_BANK_CARD", "MERCHANT_BANK_CARD"].contains(&value)
}

fn h5_type(value: &str) -> bool {
    ["iOS", "IOS", "Android", "Wap"].contains(&value)
}

fn rfc3339(value: &str) -> bool {
    crate::clock::parse_rfc3339(value).is_some()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_field_that_is_wrong_is_named_by_its_path() {
        let refund = |amount: Value| json!({ "out_refund_no": "r1", "amount": amount });
        let wrong =
            |amount: Value| check(REFUND, &refund(amount), "").unwrap_err().body()["detail"]["field"].clone();
        assert_eq!(wrong(json!({ "refund": 1, "total": 1 })), "/amount/currency");
        assert_eq!(wrong(json!({ "refund": "1", "total": 1, "currency": "CNY" })), "/amount/refund");
        assert_eq!(wrong(json!({ "refund": 1, "total": 1, "currency": "CNY", "fen": 1 })), "/amount/fen");
        assert_eq!(
            wrong(json!({ "refund": 1, "total": 1, "currency": "CNY", "from": [{}] })),
            "/amount/from/0/account"
        );
        assert!(check(REFUND, &refund(json!({ "refund": 1, "total": 1, "currency": "CNY" })), "").is_ok());
    }
}
