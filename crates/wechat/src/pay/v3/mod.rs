//! WeChat Pay V3: JSON, signed with RSA in both directions (pay.weixin.qq.com, doc/v3/merchant).

#[cfg(feature = "client")]
mod abnormal;
#[cfg(feature = "client")]
mod bill;
#[cfg(feature = "client")]
mod calls;
#[cfg(feature = "client")]
mod certificates;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
mod codepay;
mod combine;
#[cfg(feature = "client")]
mod combine_calls;
mod invoke;
mod key_ring;
mod merchant;
pub mod notification;
mod prepay;
mod promotion;
mod read;
#[cfg(feature = "client")]
mod receive;
mod refund;
#[cfg(feature = "client")]
mod reply;
mod resource;
mod scene;
mod sensitive;
mod stamps;
mod transaction;
mod verify;

#[cfg(feature = "client")]
pub use abnormal::AbnormalRefund;
#[cfg(feature = "client")]
pub use client::Client;
#[cfg(feature = "client")]
pub use codepay::{CodePayRequest, CodePayment, Store};
pub use combine::{CombinePrepayRequest, CombineTransaction, SubOrder, SubTransaction};
pub use invoke::{AppParameters, JsapiParameters, app_parameters, jsapi_parameters};
pub use key_ring::KeyRing;
pub use merchant::{ApiV3Key, Credential, InvalidApiV3Key, Merchant};
pub use prepay::{Detail, GoodsDetail, PrepayRequest, Trade};
pub use promotion::{Promotion, PromotionGoods};
pub use read::ReadError;
pub use refund::{Refund, RefundAmount, RefundGoods, RefundOf, RefundRequest, RefundStatus};
pub use resource::Resource;
pub use scene::{H5Info, SceneInfo, StoreInfo};
pub use sensitive::Sensitive;
pub use stamps::{Stamps, SystemStamps};
pub use transaction::{Payment, Transaction};
pub use verify::{SignatureHeaders, VerificationError};

#[cfg(feature = "client")]
pub use super::v2::Polling;
pub use super::v2::{InvalidField, TradeState, TradeType};
pub use crate::json::JsonError;

/// The text of a request: without the characters that WeChat refuses.
fn request_json<T: serde::Serialize>(value: &T) -> String {
    super::without_long_characters(&to_json(value))
}

/// The text of a value of this crate's own types, which always have one.
fn to_json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("texts and integers under texts are JSON")
}
