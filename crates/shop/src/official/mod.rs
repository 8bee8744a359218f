//! The official account: its tokens, and the configuration of the JS-SDK.

mod access_token;
mod js_config;
mod token_store;

use std::sync::Arc;

use wechat::Official;

use crate::{Clock, Ids, Settings, audit::Audit, shop::Parts};

pub use self::{access_token::AccessToken, token_store::DatabaseTokens};

/// The handle of the official account (公众号): its `access_token` for other programs, and the configuration of the
/// JS-SDK.
#[derive(Clone)]
pub struct OfficialAccount {
    official: Official,
    settings: Arc<Settings>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    audit: Audit,
}

impl OfficialAccount {
    pub(crate) fn new(parts: &Parts) -> Self {
        Self {
            official: parts.official.clone(),
            settings: Arc::clone(&parts.settings),
            clock: Arc::clone(&parts.clock),
            ids: Arc::clone(&parts.ids),
            audit: parts.audit.clone(),
        }
    }
}
