use model::record::JobRecord;

use super::{AGAIN_MS, Outcome};
use crate::{Jobs, ShopError};

impl Jobs {
    /// Handles a message that WeChat pushed.
    pub(super) async fn push_job(&self, job: &JobRecord) -> Result<Outcome, ShopError> {
        match self.pushes.handle(&job.subject).await? {
            true => Ok(Outcome::Done),
            false => Ok(Outcome::Again(self.clock.now_ms() + AGAIN_MS)),
        }
    }
}
