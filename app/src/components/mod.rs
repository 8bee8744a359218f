//! The components that several pages use.

mod card;
mod confirm_receipt;
mod done;
mod empty_state;
mod field;
mod help;
mod icon;
mod layout;
mod legal;
mod order_summary;
mod pay_form;
mod price;
mod progress_tags;
mod qr_code;
mod quantity_input;
mod static_view;

pub use field::{is_whole_region, join_region};

pub(crate) use card::Card;
pub(crate) use confirm_receipt::ConfirmReceipt;
pub(crate) use done::Done;
pub(crate) use empty_state::EmptyState;
pub(crate) use field::{CitySelect, Field, FieldKind, Problem, Summary, TextField, draft, split_region};
pub(crate) use help::{HelpPanel, has_help};
pub(crate) use icon::{Icon, IconView};
pub(crate) use layout::{Layout, Share};
pub(crate) use legal::LegalFooter;
pub(crate) use order_summary::{OrderLine, OrderSummary};
pub(crate) use pay_form::PayForm;
pub(crate) use price::Price;
pub(crate) use progress_tags::ProgressTags;
pub(crate) use qr_code::QrCode;
pub(crate) use quantity_input::QuantityInput;
