use crate::order::OrderState;

/// The state of an order, which a page polls after a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderStatus {
    /// Its state.
    pub state: OrderState,
}

crate::text_form!(OrderStatus { state: "state" });
