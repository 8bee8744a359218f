//! The tables of the fields of V2 requests (wechat-protocol.md, 4.2 to 4.6 and 4.9).
//!
//! Lengths are in bytes of UTF-8. If documents of different dates disagree, the stricter rule applies: `body` 127
//! instead of 128, `out_trade_no` without `@`.

use super::{
    field_formats::{
        account_type, bill_type, day, detail, ip_address, is_cny, is_gzip, is_hmac, is_no_credit, is_one,
        is_y, json_array, json_object, notify_url, number, out_refund_no, out_trade_no, positive, printable,
        refund_account, trade_type, v2_time, web_address, y_or_n,
    },
    fields::{Field, optional, required},
};

/// A table with the fields that every request has, followed by its own.
macro_rules! v2_fields {
    ($($own:expr),* $(,)?) => {
        &[
            required("appid", 32, printable),
            required("mch_id", 32, printable),
            optional("sub_mch_id", 32, printable),
            optional("sub_appid", 32, printable),
            required("nonce_str", 32, printable),
            required("sign", 64, printable),
            optional("sign_type", 32, printable),
            $($own),*
        ]
    };
}

/// `POST /pay/unifiedorder`.
pub(crate) const UNIFIEDORDER: &[Field] = v2_fields![
    optional("device_info", 32, printable),
    required("body", 127, printable),
    optional("detail", 6000, detail),
    optional("attach", 127, printable),
    required("out_trade_no", 32, out_trade_no),
    optional("fee_type", 16, is_cny),
    required("total_fee", 10, positive),
    required("spbill_create_ip", 64, ip_address),
    optional("time_start", 14, v2_time),
    optional("time_expire", 14, v2_time),
    optional("goods_tag", 32, printable),
    required("notify_url", 256, notify_url),
    required("trade_type", 16, trade_type),
    optional("product_id", 32, printable),
    optional("limit_pay", 32, is_no_credit),
    optional("openid", 128, printable),
    optional("sub_openid", 128, printable),
    optional("receipt", 8, is_y),
    optional("profit_sharing", 1, y_or_n),
    optional("scene_info", 256, json_object),
    optional("user_type", 32, printable),
    optional("user_creid", 32, printable),
    optional("user_truename", 64, printable),
    optional("version", 32, is_one),
];

/// `POST /pay/orderquery`: one of the two numbers is required; the call checks this.
pub(crate) const ORDERQUERY: &[Field] =
    v2_fields![optional("transaction_id", 32, printable), optional("out_trade_no", 32, out_trade_no),];

/// `POST /pay/closeorder`.
pub(crate) const CLOSEORDER: &[Field] = v2_fields![required("out_trade_no", 32, out_trade_no),];

/// `POST /secapi/pay/refund`: one of the order's two numbers is required; the call checks this.
pub(crate) const REFUND: &[Field] = v2_fields![
    optional("transaction_id", 32, printable),
    optional("out_trade_no", 32, out_trade_no),
    required("out_refund_no", 64, out_refund_no),
    required("total_fee", 10, positive),
    required("refund_fee", 10, positive),
    optional("refund_fee_type", 8, is_cny),
    optional("refund_desc", 80, printable),
    optional("refund_account", 30, refund_account),
    // from older documents; the documents for mini programs still have it
    optional("op_user_id", 32, printable),
    optional("notify_url", 256, notify_url),
];

/// `POST /pay/refundquery`: one of the four numbers is required; the call checks this.
pub(crate) const REFUNDQUERY: &[Field] = v2_fields![
    optional("transaction_id", 32, printable),
    optional("out_trade_no", 32, out_trade_no),
    optional("out_refund_no", 64, out_refund_no),
    optional("refund_id", 32, printable),
    optional("offset", 4, number),
];

/// `POST /payitil/report`: the batch form, and the older form for a single call.
pub(crate) const REPORT: &[Field] = v2_fields![
    optional("device_info", 32, printable),
    required("interface_url", 127, web_address),
    required("user_ip", 16, ip_address),
    optional("trades", 1024, json_array),
    optional("execute_time_", 10, number),
    optional("return_code", 16, printable),
    optional("return_msg", 128, printable),
    optional("result_code", 16, printable),
    optional("err_code", 32, printable),
    optional("err_code_des", 128, printable),
    optional("out_trade_no", 32, out_trade_no),
    optional("time", 14, v2_time),
];

/// `POST /pay/micropay`.
pub(crate) const MICROPAY: &[Field] = v2_fields![
    optional("device_info", 32, printable),
    required("body", 127, printable),
    optional("detail", 6000, json_object),
    optional("attach", 127, printable),
    required("out_trade_no", 32, out_trade_no),
    required("total_fee", 10, positive),
    optional("fee_type", 16, is_cny),
    required("spbill_create_ip", 64, ip_address),
    optional("goods_tag", 32, printable),
    optional("limit_pay", 32, is_no_credit),
    optional("time_start", 14, v2_time),
    optional("time_expire", 14, v2_time),
    optional("receipt", 8, is_y),
    // a wrong code has its own error code, so the format is not checked here
    required("auth_code", 128, printable),
    optional("profit_sharing", 1, y_or_n),
    optional("scene_info", 256, json_object),
    optional("version", 32, is_one),
];

/// `POST /secapi/pay/reverse`: one of the two numbers is required; the call checks this.
pub(crate) const REVERSE: &[Field] = ORDERQUERY;

/// `POST /pay/downloadbill`.
pub(crate) const DOWNLOADBILL: &[Field] = v2_fields![
    optional("device_info", 32, printable),
    required("bill_date", 8, day),
    optional("bill_type", 16, bill_type),
    optional("tar_type", 4, is_gzip),
];

/// `POST /pay/downloadfundflow`: signed with HMAC-SHA256 only.
pub(crate) const DOWNLOADFUNDFLOW: &[Field] = &[
    required("appid", 32, printable),
    required("mch_id", 32, printable),
    required("nonce_str", 32, printable),
    required("sign", 64, printable),
    optional("sign_type", 32, is_hmac),
    required("bill_date", 8, day),
    required("account_type", 16, account_type),
    optional("tar_type", 4, is_gzip),
];
