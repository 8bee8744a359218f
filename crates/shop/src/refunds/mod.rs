//! Money that is given back. A refund is written down, its amount reserved, before WeChat is asked for it; it is asked
//! for under the same number until WeChat answers, and what WeChat says in the end is written down.

mod ask;
mod reason;
mod request;
mod send;
mod settle;
mod stuck;
#[cfg(test)]
mod tests;

pub use self::{ask::AskRefund, reason::LONGEST_REASON, request::Grant};
pub(crate) use self::{
    ask::{NewRefund, ask, refundable_payment},
    settle::{RefundSettled, RefundsKnown, SettleRefund, refunds_unknown_id},
    stuck::needs_a_person,
};
