//! Parts of pages.

mod frame;
mod order;
mod price;

pub(crate) use frame::{Frame, Share};
pub(crate) use order::{OrderBill, OrderLine, state_word};
pub(crate) use price::Price;
