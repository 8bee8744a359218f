//! The endpoints and the faults that they support. The name of an endpoint is the last part of its path, or the last
//! two parts if two endpoints have the same last part.

/// All endpoints with faults, by the end of the path.
pub(crate) const ENDPOINTS: &[&str] = &[
    "authorize",
    "access_token",
    "refresh_token",
    "userinfo",
    "auth",
    "jscode2session",
    "token",
    "stable_token",
    "getticket",
    "getuserphonenumber",
    "upload_shipping_info",
    "upload_combined_shipping_info",
    "get_order",
    "notify_confirm_receive",
    "is_trade_managed",
    "get_delivery_list",
    "subscribe/send",
    "template/send",
    "bizsend",
    "unifiedorder",
    "orderquery",
    "closeorder",
    "refund",
    "refundquery",
    "report",
    "micropay",
    "reverse",
    "downloadbill",
    "downloadfundflow",
    "jsapi",
    "native",
    "h5",
    "app",
    "codepay",
    "out-trade-no",
    "id",
    "close",
    "refunds",
    "apply-abnormal-refund",
    "certificates",
    "tradebill",
    "fundflowbill",
    "file",
    "getwxacodeunlimit",
    "generate_urllink",
    "complaint-notifications",
    "complaints-v2",
    "negotiation-historys",
    "response",
    "complete",
    "update-refund-progress",
    "images",
    "preVerifyJSAPI",
    "getBrandWCPayRequest",
];

/// Endpoints of V2 that sign their response.
pub(super) const SIGNED: &[&str] =
    &["unifiedorder", "orderquery", "closeorder", "refund", "refundquery", "report", "micropay", "reverse"];

/// Endpoints of V2 that return a file, or an error in their own form.
pub(super) const FILES: &[&str] = &["downloadbill", "downloadfundflow"];

/// Endpoints whose response contains the hash of a file.
pub(super) const HASHED: &[&str] = &["tradebill", "fundflowbill"];

/// Endpoints of V3. If the path ends with a number, the word before it is the name.
pub(super) const V3: &[&str] = &[
    "jsapi",
    "native",
    "h5",
    "app",
    "codepay",
    "reverse",
    "out-trade-no",
    "id",
    "close",
    "refunds",
    "apply-abnormal-refund",
    "certificates",
    "tradebill",
    "fundflowbill",
    "complaint-notifications",
    "complaints-v2",
    "negotiation-historys",
    "response",
    "complete",
    "update-refund-progress",
];

/// Calls of the phone's bridge.
pub(super) const BRIDGE: [&str; 2] = ["preVerifyJSAPI", "getBrandWCPayRequest"];

/// The name of the endpoint with this path. For V3 this is the last part that is not a number or an id.
pub(crate) fn endpoint_of(path: &str) -> &str {
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    match parts.as_slice() {
        ["v3", "pay", "transactions", "out-trade-no", _, "close"] => "close",
        ["v3", "pay", "transactions", name @ ("out-trade-no" | "id"), _] => name,
        ["v3", "combine-transactions", "out-trade-no", _] => "out-trade-no",
        ["v3", "refund", "domestic", "refunds", _] => "refunds",
        ["v3", "merchant-service", name @ ("complaints-v2" | "images"), _] => name,
        ["cgi-bin", "message", "subscribe", "send"] => "subscribe/send",
        ["cgi-bin", "message", "template", "send"] => "template/send",
        parts => parts.last().copied().unwrap_or_default(),
    }
}
