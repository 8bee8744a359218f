//! Payments: asked for, reported, asked after.

mod close;
mod notification;
mod pay;
mod query;
mod recent;
mod settle;
mod start;

pub use self::notification::Notified;
pub(crate) use self::{query::Answer, recent::Recent};
