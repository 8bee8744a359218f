//! Compares the books with WeChat: daily bills, queries about everything open, and discrepancies.

mod bill_report;
mod compare_bill;
mod compare_payments;
mod compare_refunds;
mod discrepancies;
mod download_bill;
mod reconcile;

use std::sync::Arc;

use model::payment::PayApi;
use store::Store;

use crate::{Clock, Payments, Refunds, audit::Audit, gateway::Accounts, shop::Parts};

pub use self::{
    bill_report::{BillReport, BillSums},
    discrepancies::advice_for,
    reconcile::Reconciled,
};

/// Compares the books with WeChat: daily bills, queries about everything open, and discrepancies.
#[derive(Clone)]
pub struct Reconciliation {
    payments: Payments,
    refunds: Refunds,
    accounts: Arc<Accounts>,
    store: Store,
    clock: Arc<dyn Clock>,
    audit: Audit,
    /// The API version and the sign type for the download of bills.
    pay_api: PayApi,
}

impl Reconciliation {
    pub(crate) fn new(parts: &Parts, payments: &Payments, refunds: &Refunds) -> Self {
        Self {
            payments: payments.clone(),
            refunds: refunds.clone(),
            accounts: Arc::clone(&parts.accounts),
            store: parts.store.clone(),
            clock: Arc::clone(&parts.clock),
            audit: parts.audit.clone(),
            pay_api: parts.settings.pay_api,
        }
    }
}
