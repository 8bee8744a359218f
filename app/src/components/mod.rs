//! Parts of pages.

mod card;
mod frame;
mod order;
mod price;
mod qr_code;

pub(crate) use card::Card;
pub(crate) use frame::{Frame, Share};
pub(crate) use order::{OrderBill, OrderLine};
pub(crate) use price::Price;
pub(crate) use qr_code::QrCode;
