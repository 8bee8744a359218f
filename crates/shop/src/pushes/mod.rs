//! Messages that WeChat pushes (消息推送). The request only verifies and stores a message; a job handles it.

mod handle;
mod receive;

use std::sync::Arc;

use model::push::PushAccount;
use store::Store;
use wechat::push::PushReceiver;

use crate::{Clock, shop::Parts};

pub use self::receive::PushRefused;

/// The receivers of the accounts whose message settings are configured.
#[derive(Clone, Debug, Default)]
pub struct PushReceivers {
    /// Of the official account.
    pub official: Option<PushReceiver>,
    /// Of the mini program.
    pub miniprogram: Option<PushReceiver>,
}

impl PushReceivers {
    fn of(&self, account: PushAccount) -> Option<&PushReceiver> {
        match account {
            PushAccount::Official => self.official.as_ref(),
            PushAccount::MiniProgram => self.miniprogram.as_ref(),
        }
    }
}

/// Messages that WeChat pushes.
#[derive(Clone)]
pub struct Pushes {
    receivers: Arc<PushReceivers>,
    store: Store,
    clock: Arc<dyn Clock>,
}

impl Pushes {
    pub(crate) fn new(parts: &Parts) -> Self {
        Self {
            receivers: Arc::clone(&parts.pushes),
            store: parts.store.clone(),
            clock: Arc::clone(&parts.clock),
        }
    }
}
