//! WeChat Pay V3: JSON, signed with RSA in both directions (pay.weixin.qq.com, doc/v3/merchant).

#[cfg(feature = "client")]
mod abnormal_refund;
#[cfg(feature = "client")]
mod bill_calls;
#[cfg(feature = "client")]
mod certificates;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
mod codepay;
#[cfg(feature = "client")]
mod combine_calls;
mod combine_prepay;
mod combine_transaction;
mod complaint;
mod field_encryptor;
mod key_ring;
mod merchant;
pub mod notification;
#[cfg(feature = "client")]
mod order_calls;
#[cfg(feature = "client")]
mod parse_notification;
mod pay_parameters;
mod prepay;
mod promotion;
mod read_error;
mod refund;
#[cfg(feature = "client")]
mod refund_calls;
mod request_body;
mod resource;
#[cfg(feature = "client")]
mod response;
mod scene;
mod transaction;
mod verify;

#[cfg(feature = "client")]
pub use abnormal_refund::AbnormalRefund;
#[cfg(feature = "client")]
pub use client::Client;
#[cfg(feature = "client")]
pub use codepay::{CodePayOutcome, CodePayRequest, Store};
pub use combine_prepay::{CombinePrepayRequest, SubOrder};
pub use combine_transaction::{CombineTransaction, SubTransaction};
pub use complaint::{
    Complaint, ComplaintAction, ComplaintMedia, ComplaintOrder, ComplaintState, MediaKind, NegotiationEntry,
    NegotiationKind, ProblemKind, UserTag,
};
#[cfg(feature = "client")]
pub use complaint::{ComplaintPage, ComplaintQuery, ComplaintReply, NegotiationPage, RefundProgress};
pub use field_encryptor::FieldEncryptor;
pub use key_ring::KeyRing;
pub use merchant::{ApiV3Key, Credential, InvalidApiV3Key, Merchant};
pub use pay_parameters::{AppParameters, JsapiParameters, app_parameters, jsapi_parameters};
pub use prepay::{Detail, GoodsDetail, PrepayRequest, Trade};
pub use promotion::{Promotion, PromotionGoods};
pub use read_error::ReadError;
pub use refund::{Refund, RefundAmount, RefundGoods, RefundRequest, RefundStatus};
pub use request_body::RequestBody;
pub use resource::Resource;
pub use scene::{H5Info, SceneInfo, StoreInfo};
pub use transaction::{Payment, Transaction};
pub use verify::{SignatureHeaders, VerificationError};

#[cfg(feature = "client")]
pub use super::v2::Polling;
pub use super::{
    ClockAndNonce, PaymentId, RefundRequestAmount, SystemClockAndNonce,
    v2::{InvalidField, TradeState, TradeType},
};
pub use crate::json::JsonError;

/// Writes a request as JSON, without the characters that WeChat refuses.
fn request_json<T>(value: &impl serde::Serialize) -> RequestBody<T> {
    RequestBody::from_stored(super::without_four_byte_characters(&to_json(value)))
}

/// Writes a value as JSON. The types of this crate can always be written.
fn to_json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("texts and integers under texts are JSON")
}
