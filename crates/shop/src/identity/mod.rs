//! Login with WeChat, the openids of a person, and the profiles of shoppers.

mod exchange_code;
mod login;
mod miniprogram;
mod unionid;

use std::sync::Arc;

use store::Store;
use wechat::{Endpoints, Official, Website, miniprogram::MiniProgram};

use crate::{Clock, Ids, audit::Audit, keyed_mutex::KeyedMutex, shop::Parts};

pub use self::{
    exchange_code::MAX_CODE_BYTES,
    login::{Login, LoginAccount, Profile},
};

/// The handle of identities: logins with WeChat, the openids of a person, guests and profiles.
#[derive(Clone)]
pub struct Identity {
    official: Official,
    miniprogram: Option<MiniProgram>,
    website: Option<Website>,
    endpoints: Endpoints,
    store: Store,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    audit: Audit,
    /// Locks a state while its code is exchanged.
    exchanging: Arc<KeyedMutex>,
}

impl Identity {
    pub(crate) fn new(parts: &Parts) -> Self {
        Self {
            official: parts.official.clone(),
            miniprogram: parts.miniprogram.clone(),
            website: parts.website.clone(),
            endpoints: parts.endpoints.clone(),
            store: parts.store.clone(),
            clock: Arc::clone(&parts.clock),
            ids: Arc::clone(&parts.ids),
            audit: parts.audit.clone(),
            exchanging: Arc::default(),
        }
    }
}
