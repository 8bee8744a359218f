//! Refunds. The shop records a refund and reserves its amount before it calls WeChat. It retries with the same number
//! until WeChat answers, and books how the refund ends.

mod create_refund;
mod reason;
mod redirect_refund;
mod refund_by_staff;
mod release_order;
mod send_refund;
mod settle_refund;
mod stuck_refund;
#[cfg(test)]
pub(crate) mod tests;

use std::sync::Arc;

use store::Store;

use crate::{Clock, Ids, audit::Audit, gateway::Accounts, keyed_mutex::KeyedMutex, shop::Parts};

pub use self::{
    create_refund::RefundRequest,
    reason::MAX_REASON_BYTES,
    redirect_refund::{REFUND_BANKS, RefundTarget},
};
pub(crate) use self::{
    create_refund::{
        NewRefund, Restock, balance_part, begin_refund, create_refund, refundable_payment, reserve_refund,
    },
    reason::cut as cut_reason,
    settle_refund::{RefundSettled, RefundsKnown, SettleRefund, refunds_unknown_id},
    stuck_refund::{NOT_ACCEPTED_MS, NOT_ARRIVED_MS},
};

/// The handle of refunds: creates and sends them.
#[derive(Clone)]
pub struct Refunds {
    accounts: Arc<Accounts>,
    store: Store,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    audit: Audit,
    /// The URL of refund notifications.
    notify_url: String,
    /// Locks a refund during a call about it.
    sending: Arc<KeyedMutex>,
}

impl Refunds {
    pub(crate) fn new(parts: &Parts) -> Self {
        Self {
            accounts: Arc::clone(&parts.accounts),
            store: parts.store.clone(),
            clock: Arc::clone(&parts.clock),
            ids: Arc::clone(&parts.ids),
            audit: parts.audit.clone(),
            notify_url: parts.settings.refund_notify_url(),
            sending: Arc::default(),
        }
    }
}
