//! The copy and the erasure of a shopper's data, by the shopper or by staff.

mod ended_sessions;
mod erase;
mod personal_data;

use std::sync::Arc;

use model::{OrderId, Shopper};
use store::Store;

use crate::{Clock, Ids, ShopError, audit::Audit, shop::Parts};

pub(crate) use self::ended_sessions::EndedSessions;
pub use self::erase::SESSION_S;

/// The handle of privacy: copies and erases the data of shoppers.
#[derive(Clone)]
pub struct Privacy {
    store: Store,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    audit: Audit,
    ended_sessions: Arc<EndedSessions>,
}

impl Privacy {
    pub(crate) fn new(parts: &Parts) -> Self {
        Self {
            store: parts.store.clone(),
            clock: Arc::clone(&parts.clock),
            ids: Arc::clone(&parts.ids),
            audit: parts.audit.clone(),
            ended_sessions: Arc::clone(&parts.ended_sessions),
        }
    }

    /// The shopper who placed an order.
    async fn shopper_of(&self, id: &OrderId) -> Result<Shopper, ShopError> {
        Ok(self.store.order(id).await?.ok_or(ShopError::NotFound)?.shopper)
    }
}
