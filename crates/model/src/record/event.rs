use crate::{
    OrderId, OutTradeNo,
    event::{EventKind, EventSource},
};

/// An event of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRecord {
    /// The order.
    pub order_id: OrderId,
    /// The number of this event within its order, from 1.
    pub seq: i64,
    /// When it happened, ms.
    pub at_ms: i64,
    /// Who or what reported it.
    pub source: EventSource,
    /// What happened.
    pub kind: EventKind,
    /// The attempt that it is about; `None` if it is about the whole order.
    pub out_trade_no: Option<OutTradeNo>,
    /// Details; may be empty.
    pub detail: String,
}
