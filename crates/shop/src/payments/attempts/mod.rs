//! Payment attempts: started, sent to WeChat, queried, closed.

mod close_attempt;
mod pay;
mod query_attempt;
mod start_attempt;

pub(crate) use self::query_attempt::AttemptStatus;
