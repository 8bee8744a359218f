use crate::order::OrderState;

/// How an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderStatus {
    /// Its state.
    pub state: OrderState,
}

crate::text_form!(OrderStatus { state: "state" });
