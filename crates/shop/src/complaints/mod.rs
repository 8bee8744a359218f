//! Complaints that shoppers make at WeChat (消费者投诉2.0): jobs read them from WeChat, and staff answer them. They need Pay
//! V3.

mod answer;
mod enter;
mod poll;
mod read;
mod register;
mod send;
mod send_outcome;
mod view;

use std::sync::Arc;

use model::record::ComplaintRecord;
use store::Store;
use wechat::pay::v3;

use crate::{
    Clock, Ids, Settings, ShopError, audit::Audit, gateway::Accounts, keyed_mutex::KeyedMutex, shop::Parts,
};

pub use self::{
    answer::ComplaintAnswer,
    register::Registered,
    view::{ComplaintDetail, ComplaintList, ComplaintPicture},
};
pub(crate) use self::{enter::StoreNotification, poll::POLL_EVERY_MS};

/// The handle of complaints: reads them from WeChat, and sends the answers of staff.
#[derive(Clone)]
pub struct Complaints {
    accounts: Arc<Accounts>,
    settings: Arc<Settings>,
    store: Store,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    audit: Audit,
    /// Locks a complaint while an answer to it is sent.
    answering: Arc<KeyedMutex>,
}

impl Complaints {
    pub(crate) fn new(parts: &Parts) -> Self {
        Self {
            accounts: Arc::clone(&parts.accounts),
            settings: Arc::clone(&parts.settings),
            store: parts.store.clone(),
            clock: Arc::clone(&parts.clock),
            ids: Arc::clone(&parts.ids),
            audit: parts.audit.clone(),
            answering: Arc::default(),
        }
    }

    /// Whether Pay V3 is configured, so that the shop can read complaints.
    #[must_use]
    pub fn is_available(&self) -> bool {
        self.accounts.official().v3().is_some()
    }

    fn client(&self) -> Result<&v3::Client, ShopError> {
        self.accounts.official().v3().ok_or(ShopError::NoPayV3)
    }

    async fn known(&self, id: &str) -> Result<ComplaintRecord, ShopError> {
        self.store.complaint(id).await?.ok_or(ShopError::NotFound)
    }
}
