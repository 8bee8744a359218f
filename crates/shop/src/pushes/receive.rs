use model::{
    job::JobKind,
    push::{PushAccount, PushOutcome},
    record::PushRecord,
};
use store::{Command, ReadSet, StoreError, UnitOfWork};
use wechat::push::{PushError, PushQuery};

use crate::Pushes;

/// Why the shop does not acknowledge a pushed message.
#[derive(Debug, thiserror::Error)]
pub enum PushRefused {
    /// The configuration has no message settings for the account.
    #[error(
        "no token for pushed messages is configured: set WECHAT_PUSH_TOKEN or WECHAT_MINIPROGRAM_PUSH_TOKEN"
    )]
    NotConfigured,
    /// The message is forged, or the configuration differs from the settings at WeChat.
    #[error(transparent)]
    Message(#[from] PushError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Pushes {
    /// Handles WeChat's check of the URL. Returns the text to send back.
    ///
    /// # Errors
    /// [`PushRefused::NotConfigured`], [`PushRefused::Message`].
    pub fn check_url<'a>(&self, account: PushAccount, query: &'a PushQuery) -> Result<&'a str, PushRefused> {
        let receiver = self.receivers.of(account).ok_or(PushRefused::NotConfigured)?;
        Ok(receiver.check_url(query)?)
    }

    /// Verifies a pushed message and stores it with the job that handles it, in one commit. A second copy changes
    /// nothing.
    ///
    /// # Errors
    /// [`PushRefused`]. WeChat then sends the message again.
    pub async fn receive(
        &self,
        account: PushAccount,
        query: &PushQuery,
        body: &[u8],
    ) -> Result<(), PushRefused> {
        let receiver = self.receivers.of(account).ok_or(PushRefused::NotConfigured)?;
        let message = receiver.receive(query, body)?;
        let record = PushRecord {
            id: format!("{account}:{}", message.dedup_key()),
            account,
            received_ms: self.clock.now_ms(),
            content: message.to_json(),
            handled_ms: None,
            outcome: PushOutcome::Waiting,
        };
        Ok(self.store.write(StorePush(record)).await?)
    }
}

struct StorePush(PushRecord);

impl Command for StorePush {
    type Reply = ();

    fn reads(&self, reads: &mut ReadSet) {
        reads.push(&self.0.id);
    }

    fn apply(&self, unit: &mut UnitOfWork) {
        if unit.has_push(&self.0.id) {
            return;
        }
        unit.insert_push(self.0.clone());
        unit.enqueue(JobKind::Push, &self.0.id, self.0.received_ms);
    }
}
