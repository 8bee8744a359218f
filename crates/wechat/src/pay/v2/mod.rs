//! WeChat Pay V2: XML, signed with the merchant's API key (pay.weixin.qq.com, doc/v2/merchant).

#[cfg(feature = "client")]
mod bill_calls;
#[cfg(feature = "client")]
mod client;
mod coupon;
mod jsapi_parameters;
mod merchant;
#[cfg(feature = "client")]
mod micropay;
pub mod notification;
#[cfg(feature = "client")]
mod order;
#[cfg(feature = "client")]
mod order_calls;
mod payment;
mod refund;
#[cfg(feature = "client")]
mod refund_calls;
pub mod refund_notification;
#[cfg(feature = "client")]
mod refund_query;
#[cfg(feature = "client")]
mod report;
#[cfg(feature = "client")]
mod response;
mod signed_request;
mod trade_state;
mod trade_type;
mod unified_order;

#[cfg(feature = "client")]
pub use client::Client;
pub use coupon::{Coupon, coupons};
pub use jsapi_parameters::{JsapiParameters, jsapi_parameters};
pub use merchant::Merchant;
#[cfg(feature = "client")]
pub use micropay::{MicropayOutcome, MicropayRequest, Polling};
#[cfg(feature = "client")]
pub use order::Order;
#[cfg(feature = "client")]
pub use order_calls::UnifiedOrderResponse;
pub use payment::{InvalidField, Payment};
pub use refund::{RefundRequest, RefundResponse, RefundStatus};
#[cfg(feature = "client")]
pub use refund_query::{Refund, RefundQuery, Refunds};
#[cfg(feature = "client")]
pub use report::Report;
pub use signed_request::SignedRequest;
pub use trade_state::TradeState;
pub use trade_type::TradeType;
pub use unified_order::{Trade, UnifiedOrder};

pub use super::{PaymentId, RefundRequestAmount};
pub use crate::wire::sign::SignType;
use crate::{
    Secret,
    pay::without_four_byte_characters,
    wire::{Fields, sign, xml},
};

/// Signs a request and writes it as XML, without the characters that WeChat refuses.
fn sign_request<T>(fields: &Fields, key: &Secret, sign_type: SignType) -> SignedRequest<T> {
    let fields = fields.iter().map(|(name, value)| (name, without_four_byte_characters(value))).collect();
    SignedRequest::from_stored(signed_xml(fields, key, sign_type), sign_type)
}

/// Signs a message and writes it as XML.
fn signed_xml(mut fields: Fields, key: &Secret, sign_type: SignType) -> String {
    let signature = sign::sign(&fields, key.expose(), sign_type);
    fields.set("sign", signature);
    xml::write(&fields)
}

#[cfg(all(test, feature = "client"))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NAMES: [&str; 22] = [
        "trade_state",
        "out_trade_no",
        "transaction_id",
        "openid",
        "trade_type",
        "bank_type",
        "total_fee",
        "cash_fee",
        "time_end",
        "refund_id",
        "out_refund_no",
        "refund_fee",
        "refund_count",
        "refund_id_0",
        "out_refund_no_0",
        "refund_fee_0",
        "refund_status_0",
        "coupon_refund_count_0",
        "coupon_count",
        "coupon_id_0",
        "coupon_fee_0",
        "total_refund_count",
    ];

    fn fields() -> impl Strategy<Value = Fields> {
        let value =
            prop_oneof!["[0-9]{1,20}", "-?[0-9.]{0,4}", "SUCCESS|REFUND|NOTPAY|[a-z]{0,4}", ".{0,10}"];
        prop::collection::vec((0..NAMES.len(), value), 0..40)
            .prop_map(|fields| fields.into_iter().map(|(name, value)| (NAMES[name], value)).collect())
    }

    proptest! {
        #[test]
        fn trap_11_no_verified_response_causes_a_panic_or_a_negative_amount(fields in fields()) {
            let named = |error: InvalidField| {
                assert!(error.0 == "coupon_refund_count_$n" || !error.0.is_empty() && !error.0.contains('$'));
            };
            match Order::from_fields(fields.clone()) {
                Ok(order) => {
                    prop_assert_eq!(order.payment.is_some(), order.trade_state.is_paid());
                    prop_assert!(order.payment.is_none_or(|paid| paid.total_fee >= 0 && paid.cash_fee.is_none_or(|fee| fee >= 0)));
                }
                Err(error) => named(error),
            }
            match Refunds::from_fields(fields.clone()) {
                Ok(refunds) => {
                    prop_assert!(refunds.refunds.len() <= fields.len());
                    prop_assert!(refunds.refunds.iter().all(|refund| refund.refund_fee >= 0));
                }
                Err(error) => named(error),
            }
            match RefundResponse::from_fields(fields.clone()) {
                Ok(reply) => prop_assert!(reply.refund_fee >= 0),
                Err(error) => named(error),
            }
            match coupons(&fields) {
                Ok(coupons) => prop_assert!(coupons.len() <= fields.len()),
                Err(error) => named(error),
            }
        }
    }
}
