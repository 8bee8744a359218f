//! Payments: attempts, notifications of payments and refunds, and the booking of payments.

mod attempts;
mod notifications;
mod order_status;
mod pay_in_miniprogram;
mod platform_certificates;
mod settle_payment;
mod sheet_report;

use std::sync::Arc;

use model::OutTradeNo;
use store::Store;

use crate::{
    Clock, Ids, Orders, Settings, gateway::Accounts, keyed_mutex::KeyedMutex, shop::Parts,
    ttl_cache::TtlCache,
};

pub(crate) use self::{attempts::AttemptStatus, settle_payment::record_paid};
pub use self::{
    notifications::{ApiVersion, NotificationOutcome},
    pay_in_miniprogram::MiniProgramPayment,
    sheet_report::SheetOutcome,
};

/// The minimum time between two queries about one attempt that pages of shoppers cause, ms.
const ASK_AGAIN_MS: i64 = 900;

/// The handle of payments: starts, queries and closes attempts, and handles notifications.
#[derive(Clone)]
pub struct Payments {
    orders: Orders,
    accounts: Arc<Accounts>,
    store: Store,
    settings: Arc<Settings>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    /// Locks an attempt during its prepay call.
    prepaying: Arc<KeyedMutex>,
    /// The attempts that a page queried a moment ago.
    asked: Arc<TtlCache<OutTradeNo, ()>>,
}

impl Payments {
    pub(crate) fn new(parts: &Parts, orders: &Orders) -> Self {
        Self {
            orders: orders.clone(),
            accounts: Arc::clone(&parts.accounts),
            store: parts.store.clone(),
            settings: Arc::clone(&parts.settings),
            clock: Arc::clone(&parts.clock),
            ids: Arc::clone(&parts.ids),
            prepaying: Arc::default(),
            asked: Arc::new(TtlCache::new(ASK_AGAIN_MS)),
        }
    }
}
