//! Parts of pages.

mod card;
mod from_wechat;
mod layout;
mod order_summary;
mod pay;
mod price;
mod qr_code;
mod stepper;

pub(crate) use card::Card;
pub(crate) use from_wechat::FromWechat;
pub(crate) use layout::{Layout, Share};
pub(crate) use order_summary::{OrderLine, OrderSummary};
pub(crate) use pay::Pay;
pub(crate) use price::Price;
pub(crate) use qr_code::QrCode;
pub(crate) use stepper::Stepper;
