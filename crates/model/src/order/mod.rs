//! The life of an order.

mod kind;
mod standing;
mod state;
mod transition;

pub use kind::OrderKind;
pub use standing::{Money, Standing};
pub use state::{OrderState, UnknownState};
pub use transition::{OrderEvent, Refusal, transition};
