//! One record for each table of the database. `crates/store` reads and writes them.
//!
//! Times (`_ms`) are milliseconds since 1970, UTC. Amounts are in fen. A text that is not known is empty, unless its
//! field is an `Option`.

mod after_sale;
mod attempt;
mod audit;
mod cart;
mod complaint;
mod delivery;
mod delivery_report;
mod discrepancy;
mod event;
mod invoice;
mod item;
mod job;
mod message;
mod order;
mod picture;
mod profile;
mod push;
mod refund;
mod shipment;
mod wallet;

pub use self::{
    after_sale::{AfterSaleLine, AfterSaleRecord},
    attempt::AttemptRecord,
    audit::AuditRecord,
    cart::CartLineRecord,
    complaint::{ComplaintAnswerRecord, ComplaintEntryRecord, ComplaintRecord},
    delivery::DeliveryRecord,
    delivery_report::DeliveryReportRecord,
    discrepancy::DiscrepancyRecord,
    event::EventRecord,
    invoice::{InvoiceKind, InvoiceRecord},
    item::{ItemRecord, StockRecord, pieces_in_words},
    job::JobRecord,
    message::MessageRecord,
    order::OrderRecord,
    picture::{PictureOwner, PictureRecord, PictureRow},
    profile::ProfileRecord,
    push::PushRecord,
    refund::RefundRecord,
    shipment::{DeliveryCompanyRecord, ParcelRecord, ShipmentRecord},
    wallet::{WalletMoveRecord, WalletReason},
};
