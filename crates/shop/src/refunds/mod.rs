//! Refunds. The shop records a refund and reserves its amount before it asks WeChat. It asks under the same number until
//! WeChat answers, and records how the refund ends.

mod application;
mod create_refund;
mod reason;
mod send_refund;
mod settle_refund;
mod stuck_refund;
#[cfg(test)]
mod tests;

pub use self::{application::Grant, create_refund::RefundCommand, reason::LONGEST_REASON};
pub(crate) use self::{
    create_refund::{NewRefund, create_refund, refundable_payment},
    settle_refund::{RefundSettled, RefundsKnown, SettleRefund, refunds_unknown_id},
    stuck_refund::stuck_refunds,
};
