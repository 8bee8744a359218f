//! Payment attempts: the shop starts, sends, queries and closes them.

mod close_attempt;
mod pay;
mod query_attempt;
mod start_attempt;

pub(crate) use self::query_attempt::AttemptStatus;
