//! Login with WeChat, and the profiles of shoppers.

mod exchange_code;
mod login;
mod miniprogram;

use std::sync::Arc;

use store::Store;
use wechat::{Endpoints, Official, miniprogram::MiniProgram};

use crate::{Clock, Ids, keyed_mutex::KeyedMutex, shop::Parts};

pub use self::{
    exchange_code::MAX_CODE_BYTES,
    login::{Login, Profile},
};

/// Who a shopper is: login with WeChat, guests and profiles.
#[derive(Clone)]
pub struct Identity {
    official: Official,
    miniprogram: Option<MiniProgram>,
    endpoints: Endpoints,
    store: Store,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    /// One exchange of a code at a time, for each state of a login.
    exchanging: Arc<KeyedMutex>,
}

impl Identity {
    pub(crate) fn new(parts: &Parts) -> Self {
        Self {
            official: parts.official.clone(),
            miniprogram: parts.miniprogram.clone(),
            endpoints: parts.endpoints.clone(),
            store: parts.store.clone(),
            clock: Arc::clone(&parts.clock),
            ids: Arc::clone(&parts.ids),
            exchanging: Arc::default(),
        }
    }
}
