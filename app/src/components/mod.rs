//! Parts of pages.

mod card;
mod frame;
mod from_wechat;
mod order;
mod pay;
mod price;
mod qr_code;
mod stepper;

pub(crate) use card::Card;
pub(crate) use frame::{Frame, Share};
pub(crate) use from_wechat::FromWechat;
pub(crate) use order::{OrderBill, OrderLine};
pub(crate) use pay::Pay;
pub(crate) use price::Price;
pub(crate) use qr_code::QrCode;
pub(crate) use stepper::Stepper;
