//! The rows of the tables, and how they are read.

mod attempt;
mod column;
mod delivery;
mod goods;
mod order;
mod record;
mod refund;
mod refund_request;
mod wallet;

pub(crate) use self::record::{audit, job};
pub(super) use self::{
    attempt::{ATTEMPT, attempt, attempt_beside},
    delivery::{SHIPMENT, delivery, shipment},
    goods::{ITEM, STOCK, item, stock},
    order::{ORDER, order},
    record::profile,
    refund::{REFUND, refund},
    refund_request::{REFUND_REQUEST, refund_request},
    wallet::balance,
};
pub use self::{
    attempt::{AttemptRow, AttemptState},
    delivery::{DeliveryRow, ShipmentRow},
    goods::{ItemRow, StockRow},
    order::OrderRow,
    record::{AuditRow, DifferenceRow, EventRow, JobRow, ProfileRow},
    refund::RefundRow,
    refund_request::{RefundRequestRow, RefundRequestState},
    wallet::WalletMoveRow,
};
