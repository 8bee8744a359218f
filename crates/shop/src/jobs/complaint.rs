use model::record::JobRecord;

use super::{Outcome, back_off_ms};
use crate::{Jobs, ShopError, complaints::POLL_EVERY_MS};

impl Jobs {
    /// Reads a complaint that a notification named.
    pub(super) async fn complaint_job(&self, job: &JobRecord) -> Result<Outcome, ShopError> {
        let id = job.subject.split_once('.').map_or(job.subject.as_str(), |(id, _)| id);
        match self.complaints.read(id).await {
            Ok(_) => Ok(Outcome::Done),
            // the row stays unread; the poll reads it when Pay V3 is configured again
            Err(ShopError::NoPayV3) => Ok(Outcome::Done),
            Err(error) => Err(error),
        }
    }

    /// Sends an answer of staff, if the request did not.
    pub(super) async fn complaint_answer_job(&self, job: &JobRecord) -> Result<Outcome, ShopError> {
        Ok(if self.complaints.send(&job.subject).await? {
            Outcome::Done
        } else {
            Outcome::RunAgain(self.clock.now_ms() + back_off_ms(job.tries))
        })
    }

    /// Polls the complaints at WeChat. After a failure the next poll tries again.
    pub(super) async fn complaint_poll_job(&self) -> Result<Outcome, ShopError> {
        if !self.complaints.is_available() {
            return Ok(Outcome::Done);
        }
        match self.complaints.poll().await {
            Ok(()) => {}
            Err(ShopError::Store(error)) => return Err(error.into()),
            Err(error) => tracing::warn!(%error, "the complaints at WeChat were not listed"),
        }
        Ok(Outcome::RunAgain(self.clock.now_ms() + POLL_EVERY_MS))
    }
}
