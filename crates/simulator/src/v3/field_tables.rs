//! The tables of the fields of V3 bodies (wechat-protocol.md, 5.4 to 5.6).

use super::fields::{
    Field,
    Kind::{Flag, Number, Object, Objects, Text, Texts},
    optional, required,
};
use crate::pay::{ip_address, is_cny, notify_url, out_refund_no, out_trade_no, printable};

const AMOUNT: &[Field] = &[required("total", Number(1)), optional("currency", Text(16, is_cny))];

const DETAIL: &[Field] = &[
    optional("cost_price", Number(0)),
    optional("invoice_id", Text(32, printable)),
    optional(
        "goods_detail",
        Objects(&[
            required("merchant_goods_id", Text(32, printable)),
            optional("wechatpay_goods_id", Text(32, printable)),
            optional("goods_name", Text(256, printable)),
            required("quantity", Number(1)),
            required("unit_price", Number(0)),
        ]),
    ),
];

const STORE_INFO: &[Field] = &[
    required("id", Text(32, printable)),
    optional("name", Text(256, printable)),
    optional("area_code", Text(32, printable)),
    optional("address", Text(512, printable)),
];

macro_rules! scene_info {
    ($($own:expr),*) => {
        &[
            required("payer_client_ip", Text(45, ip_address)),
            optional("device_id", Text(32, printable)),
            optional("store_info", Object(STORE_INFO)),
            $($own),*
        ]
    };
}

const SCENE_INFO: &[Field] = scene_info!();

const H5_INFO: &[Field] = &[
    required("type", Text(32, h5_type)),
    optional("app_name", Text(64, printable)),
    optional("app_url", Text(128, printable)),
    optional("bundle_id", Text(128, printable)),
    optional("package_name", Text(128, printable)),
];

const H5_SCENE_INFO: &[Field] = scene_info!(required("h5_info", Object(H5_INFO)));

macro_rules! order_fields {
    ($($own:expr),*) => {
        &[
            required("description", Text(127, printable)),
            required("out_trade_no", Text(32, out_trade_no)),
            optional("time_expire", Text(64, rfc3339)),
            optional("attach", Text(128, printable)),
            required("notify_url", Text(255, notify_url)),
            optional("goods_tag", Text(32, printable)),
            optional("support_fapiao", Flag),
            required("amount", Object(AMOUNT)),
            optional("detail", Object(DETAIL)),
            optional("settle_info", Object(&[optional("profit_sharing", Flag)])),
            optional("limit_pay", Texts(32)),
            $($own),*
        ]
    };
}

macro_rules! prepay_fields {
    ($($own:expr),*) => {
        order_fields!(
            required("appid", Text(32, printable)),
            required("mchid", Text(32, printable)),
            $($own),*
        )
    };
}

/// The fields of a provider's order.
macro_rules! partner_fields {
    ($($own:expr),*) => {
        order_fields!(
            required("sp_appid", Text(32, printable)),
            required("sp_mchid", Text(32, printable)),
            optional("sub_appid", Text(32, printable)),
            required("sub_mchid", Text(32, printable)),
            $($own),*
        )
    };
}

/// `POST /v3/pay/transactions/jsapi`.
pub(super) const JSAPI: &[Field] = prepay_fields!(
    required(
        "payer",
        Object(&[required("openid", Text(128, printable)), optional("identity", Object(IDENTITY))])
    ),
    optional("scene_info", Object(SCENE_INFO))
);

/// `POST /v3/pay/partner/transactions/jsapi`: one of the two openids is required; the call checks this.
pub(super) const PARTNER_JSAPI: &[Field] = partner_fields!(
    required(
        "payer",
        Object(&[
            optional("sp_openid", Text(128, printable)),
            optional("sub_openid", Text(128, printable)),
            optional("identity", Object(IDENTITY))
        ])
    ),
    optional("scene_info", Object(SCENE_INFO))
);

/// The person who may pay. `number` and `name` are encrypted (wechat-protocol-2.md, 12).
const IDENTITY: &[Field] = &[
    required("type", Text(32, identity_type)),
    required("number", Text(1024, printable)),
    optional("name", Text(1024, printable)),
];

fn identity_type(text: &str) -> bool {
    [
        "IDCARD",
        "HONGKONG_MACAO",
        "HONGKONG_MACAO_RESIDENT",
        "TAIWAN_RESIDENT",
        "FOREIGN_RESIDENT",
        "OVERSEA_PASSPORT",
        "PHONE_NUMBER",
    ]
    .contains(&text)
}

/// `…/native` and `…/app`.
pub(super) const NATIVE_AND_APP: &[Field] = prepay_fields!(optional("scene_info", Object(SCENE_INFO)));

pub(super) const PARTNER_NATIVE_AND_APP: &[Field] =
    partner_fields!(optional("scene_info", Object(SCENE_INFO)));

pub(super) const PARTNER_H5: &[Field] = partner_fields!(required("scene_info", Object(H5_SCENE_INFO)));

/// `…/h5`.
pub(super) const H5: &[Field] = prepay_fields!(required("scene_info", Object(H5_SCENE_INFO)));

/// `POST /v3/pay/transactions/codepay`.
pub(super) const CODEPAY: &[Field] = &[
    required("appid", Text(32, printable)),
    required("mchid", Text(32, printable)),
    required("description", Text(127, printable)),
    required("out_trade_no", Text(32, out_trade_no)),
    optional("attach", Text(128, printable)),
    optional("goods_tag", Text(32, printable)),
    optional("support_fapiao", Flag),
    required("payer", Object(&[required("auth_code", Text(32, printable))])),
    required("amount", Object(AMOUNT)),
    required(
        "scene_info",
        Object(&[
            optional("device_id", Text(32, printable)),
            optional("device_ip", Text(45, ip_address)),
            required(
                "store_info",
                Object(&[optional("id", Text(32, printable)), optional("out_id", Text(32, printable))]),
            ),
        ]),
    ),
    optional("detail", Object(DETAIL)),
    optional("settle_info", Object(&[optional("profit_sharing", Flag)])),
];

/// `…/out-trade-no/{…}/reverse`.
pub(super) const REVERSE: &[Field] =
    &[required("appid", Text(32, printable)), required("mchid", Text(32, printable))];

/// `…/close`.
pub(super) const CLOSE: &[Field] = &[required("mchid", Text(32, printable))];

/// `…/close` of a provider's order.
pub(super) const PARTNER_CLOSE: &[Field] =
    &[required("sp_mchid", Text(32, printable)), required("sub_mchid", Text(32, printable))];

macro_rules! combined_scene_info {
    ($($own:expr),*) => {
        &[
            required("payer_client_ip", Text(45, ip_address)),
            optional("device_id", Text(16, printable)),
            $($own),*
        ]
    };
}

const COMBINED_SCENE_INFO: &[Field] = combined_scene_info!();

const COMBINED_H5_SCENE_INFO: &[Field] = combined_scene_info!(required("h5_info", Object(H5_INFO)));

const COMBINED_PAYER: &[Field] = &[required("openid", Text(128, printable))];

const SUB_ORDER: &[Field] = &[
    required("mchid", Text(32, printable)),
    required("attach", Text(128, printable)),
    required("amount", Object(&[required("total_amount", Number(1)), required("currency", Text(8, is_cny))])),
    required("out_trade_no", Text(32, out_trade_no)),
    optional("detail", Text(6000, printable)),
    optional("goods_tag", Text(32, printable)),
    required("description", Text(127, printable)),
    optional(
        "settle_info",
        Object(&[optional("profit_sharing", Flag), optional("subsidy_amount", Number(0))]),
    ),
];

macro_rules! combined_fields {
    ($($own:expr),*) => {
        &[
            required("combine_appid", Text(32, printable)),
            required("combine_mchid", Text(32, printable)),
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
pub(super) const COMBINE_JSAPI: &[Field] = combined_fields!(
    required("combine_payer_info", Object(COMBINED_PAYER)),
    optional("scene_info", Object(COMBINED_SCENE_INFO))
);

/// `…/app`.
pub(super) const COMBINE_APP: &[Field] = combined_fields!(
    optional("combine_payer_info", Object(COMBINED_PAYER)),
    optional("scene_info", Object(COMBINED_SCENE_INFO))
);

/// `…/native`.
pub(super) const COMBINE_NATIVE: &[Field] =
    combined_fields!(optional("scene_info", Object(COMBINED_SCENE_INFO)));

/// `…/h5`.
pub(super) const COMBINE_H5: &[Field] =
    combined_fields!(required("scene_info", Object(COMBINED_H5_SCENE_INFO)));

/// `…/out-trade-no/{…}/close`.
pub(super) const COMBINE_CLOSE: &[Field] = &[
    required("combine_appid", Text(32, printable)),
    required(
        "sub_orders",
        Objects(&[required("mchid", Text(32, printable)), required("out_trade_no", Text(32, out_trade_no))]),
    ),
];

/// `POST /v3/refund/domestic/refunds`: one of the order's two numbers is required; the call checks this.
pub(super) const REFUND: &[Field] = &[
    optional("sub_mchid", Text(32, printable)),
    optional("transaction_id", Text(32, printable)),
    optional("out_trade_no", Text(32, out_trade_no)),
    required("out_refund_no", Text(64, out_refund_no)),
    optional("reason", Text(80, printable)),
    optional("notify_url", Text(256, notify_url)),
    optional("funds_account", Text(32, is_available)),
    required(
        "amount",
        Object(&[
            required("refund", Number(1)),
            optional(
                "from",
                Objects(&[required("account", Text(32, printable)), required("amount", Number(1))]),
            ),
            required("total", Number(1)),
            required("currency", Text(16, is_cny)),
        ]),
    ),
    optional(
        "goods_detail",
        Objects(&[
            required("merchant_goods_id", Text(32, printable)),
            optional("wechatpay_goods_id", Text(32, printable)),
            optional("goods_name", Text(256, printable)),
            required("unit_price", Number(0)),
            required("refund_amount", Number(0)),
            required("refund_quantity", Number(1)),
        ]),
    ),
];

/// `…/{refund_id}/apply-abnormal-refund`: the call checks the fields for a user's card.
pub(super) const ABNORMAL: &[Field] = &[
    optional("sub_mchid", Text(32, printable)),
    required("out_refund_no", Text(64, out_refund_no)),
    required("type", Text(32, abnormal_type)),
    optional("bank_type", Text(16, printable)),
    // encrypted
    optional("bank_account", Text(1024, printable)),
    optional("real_name", Text(1024, printable)),
];

/// `…/complaint-notifications`.
pub(super) const COMPLAINT_NOTIFICATION: &[Field] = &[required("url", Text(255, notify_url))];

/// `…/complaints-v2/{…}/response`: 200 characters of at most 3 bytes; the call counts them.
pub(super) const COMPLAINT_RESPONSE: &[Field] = &[
    required("complainted_mchid", Text(64, printable)),
    required("response_content", Text(600, any_text)),
    optional("response_images", Texts(512)),
    optional("jump_url", Text(512, https)),
    optional("jump_url_text", Text(30, printable)),
    optional(
        "mini_program_jump_info",
        Object(&[
            required("appid", Text(64, printable)),
            required("path", Text(512, printable)),
            required("text", Text(30, printable)),
        ]),
    ),
];

/// `…/complaints-v2/{…}/complete`.
pub(super) const COMPLAINT_COMPLETE: &[Field] = &[required("complainted_mchid", Text(64, printable))];

/// `…/complaints-v2/{…}/update-refund-progress`: the call checks which fields belong to an action.
pub(super) const COMPLAINT_REFUND_PROGRESS: &[Field] = &[
    required("action", Text(16, refund_action)),
    optional("launch_refund_day", Number(0)),
    optional("reject_reason", Text(600, any_text)),
    optional("reject_media_list", Texts(512)),
    optional("remark", Text(600, any_text)),
];

/// A text may have several lines.
fn any_text(value: &str) -> bool {
    !value.chars().any(|c| c.is_control() && c != '\n')
}

fn https(value: &str) -> bool {
    value.starts_with("https://")
}

fn refund_action(value: &str) -> bool {
    ["APPROVE", "REJECT"].contains(&value)
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
