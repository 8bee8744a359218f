//! The life of an order.

mod kind;
mod state;
mod transition;

pub use kind::OrderKind;
pub use state::{OrderState, UnknownState};
pub use transition::{OrderEvent, Refusal, transition};
