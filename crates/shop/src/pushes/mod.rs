//! Messages that WeChat pushes (消息推送). The request only verifies and stores a message; the `push` job handles it.

mod handle;
mod receive;

use std::sync::Arc;

use model::push::PushAccount;
use store::Store;
use wechat::push::PushReceiver;

use crate::{Clock, shop::Parts};

pub use self::receive::PushRefused;

/// The receivers of pushed messages; `None` for an account without message settings in the configuration.
#[derive(Clone, Debug, Default)]
pub struct PushReceivers {
    /// The receiver of the official account.
    pub official: Option<PushReceiver>,
    /// The receiver of the mini program.
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

/// The handle of pushed messages.
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
