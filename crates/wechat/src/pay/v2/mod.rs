//! WeChat Pay V2: XML, signed with the merchant's API key (pay.weixin.qq.com, doc/v2/merchant).

#[cfg(feature = "client")]
mod bill_calls;
#[cfg(feature = "client")]
mod client;
mod coupon;
mod jsapi;
mod merchant;
#[cfg(feature = "client")]
mod micropay;
pub mod notification;
#[cfg(feature = "client")]
mod order;
mod payment;
mod refund;
#[cfg(feature = "client")]
mod refund_calls;
pub mod refund_notification;
#[cfg(feature = "client")]
mod refund_query;
#[cfg(feature = "client")]
mod reply;
#[cfg(feature = "client")]
mod report;
mod trade_state;
mod trade_type;
mod unified_order;

#[cfg(feature = "client")]
pub use client::{Client, UnifiedOrderReply};
pub use coupon::{Coupon, coupons};
pub use jsapi::{JsapiParameters, jsapi_parameters};
pub use merchant::Merchant;
#[cfg(feature = "client")]
pub use micropay::{Micropay, MicropayRequest, Polling};
#[cfg(feature = "client")]
pub use order::Order;
pub use payment::{InvalidField, Payment};
pub use refund::{RefundOf, RefundReply, RefundRequest, RefundStatus};
#[cfg(feature = "client")]
pub use refund_query::{Refund, Refunds, RefundsOf};
#[cfg(feature = "client")]
pub use report::Report;
pub use trade_state::TradeState;
pub use trade_type::TradeType;
pub use unified_order::{Trade, UnifiedOrder};

pub use crate::wire::sign::SignType;
use crate::{
    Secret,
    wire::{Fields, sign, xml},
};

/// The message with its `sign`, as it goes over the wire.
fn signed_xml(mut fields: Fields, key: &Secret, sign_type: SignType) -> String {
    let signature = sign::sign(&fields, key.expose(), sign_type);
    fields.set("sign", signature);
    xml::write(&fields)
}
