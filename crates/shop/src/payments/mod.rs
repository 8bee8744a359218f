//! Payments: asked for, reported, asked after.

mod account;
mod api;
mod certificates;
mod close;
mod gateway;
mod notification;
mod notification_v2;
mod notification_v3;
mod paid;
mod pay;
mod query;
mod recent;
mod refund_notification;
mod refund_told;
mod settle;
mod start;
mod way;

use self::paid::Paid;
pub use self::{
    account::Account,
    api::Api,
    notification::{Generation, Notified},
};
pub(crate) use self::{gateway::Gateway, query::Answer, recent::Recent, refund_told::RefundTold, way::Way};
