//! Invoices (发票): a shopper asks for one after the payment. Staff issue it in another system, and mark it as issued
//! here.

mod ask;
mod issue;
mod tax_number;

use std::sync::Arc;

use store::Store;

use crate::{Clock, Orders, audit::Audit, shop::Parts};

pub use self::ask::{InvoiceField, InvoiceForm};

/// The handle of invoices.
#[derive(Clone)]
pub struct Invoices {
    orders: Orders,
    store: Store,
    clock: Arc<dyn Clock>,
    audit: Audit,
}

impl Invoices {
    pub(crate) fn new(parts: &Parts, orders: &Orders) -> Self {
        Self {
            orders: orders.clone(),
            store: parts.store.clone(),
            clock: Arc::clone(&parts.clock),
            audit: parts.audit.clone(),
        }
    }
}
