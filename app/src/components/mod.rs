//! Parts that several pages use.

mod card;
mod help;
mod layout;
mod order_summary;
mod pay_form;
mod price;
mod qr_code;
mod quantity_input;

pub(crate) use card::Card;
pub(crate) use help::HelpPanel;
pub(crate) use layout::{Layout, Share};
pub(crate) use order_summary::{OrderLine, OrderSummary};
pub(crate) use pay_form::PayForm;
pub(crate) use price::Price;
pub(crate) use qr_code::QrCode;
pub(crate) use quantity_input::QuantityInput;
