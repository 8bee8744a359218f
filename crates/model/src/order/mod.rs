//! The states of an order: [`transition()`] changes the stored state; [`Standing`] and [`OrderProgress`] are computed
//! from it.

mod kind;
mod progress;
mod standing;
mod state;
mod transition;

pub use kind::OrderKind;
pub use progress::{
    DeliveryProgress, OrderProgress, OrderTab, PaymentProgress, ProgressFacts, RefundProgress, TabCounts,
};
pub use standing::{Money, Standing};
pub use state::OrderState;
pub use transition::{OrderEvent, Refusal, transition};
