//! What the shop remembers: one record for each table. `crates/store` reads and writes them.

mod attempt;
mod audit;
mod cart;
mod delivery;
mod discrepancy;
mod event;
mod item;
mod job;
mod message;
mod order;
mod profile;
mod push;
mod refund;
mod refund_application;
mod wallet;

pub use self::{
    attempt::AttemptRecord,
    audit::AuditRecord,
    cart::CartRecord,
    delivery::{DeliveryRecord, ShipmentRecord},
    discrepancy::DiscrepancyRecord,
    event::EventRecord,
    item::{ItemRecord, StockRecord},
    job::JobRecord,
    message::MessageRecord,
    order::OrderRecord,
    profile::ProfileRecord,
    push::PushRecord,
    refund::RefundRecord,
    refund_application::{RefundApplicationRecord, RefundApplicationState},
    wallet::WalletMoveRecord,
};
