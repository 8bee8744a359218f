use model::job::JobKind;
use store::StoreError;

use super::bill;
use crate::{Jobs, complaints::POLL_EVERY_MS};

impl Jobs {
    /// Adds the recurring jobs, if they do not exist yet. A server calls this at its start.
    ///
    /// # Errors
    /// A failing database.
    pub async fn plan_recurring(&self) -> Result<(), StoreError> {
        let now_ms = self.clock.now_ms();
        self.store.enqueue_recurring(JobKind::Bill, bill::next_ms(now_ms)).await?;
        if self.complaints.is_available() {
            self.store.enqueue_recurring(JobKind::ComplaintPoll, now_ms + POLL_EVERY_MS).await?;
        }
        Ok(())
    }
}
