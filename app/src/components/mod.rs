//! Parts of pages.

mod frame;
mod order;
mod price;
mod qr_code;

pub(crate) use frame::{Frame, Share};
pub(crate) use order::{OrderBill, OrderLine, state_word};
pub(crate) use price::Price;
pub(crate) use qr_code::QrCode;
