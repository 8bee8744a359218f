use model::record::JobRecord;

use super::{Outcome, RETRY_PAUSE_MS};
use crate::{Jobs, ShopError};

impl Jobs {
    /// Handles a message that WeChat pushed.
    pub(super) async fn push_job(&self, job: &JobRecord) -> Result<Outcome, ShopError> {
        match self.pushes.handle(&job.subject).await? {
            true => Ok(Outcome::Done),
            false => Ok(Outcome::RunAgain(self.clock.now_ms() + RETRY_PAUSE_MS)),
        }
    }
}
