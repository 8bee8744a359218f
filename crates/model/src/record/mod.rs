//! What the shop remembers: one record for each table. `crates/store` reads and writes them.

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
