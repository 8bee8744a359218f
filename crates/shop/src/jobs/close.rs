use model::{payment::AttemptState, record::JobRecord};

use super::{Outcome, RETRY_PAUSE_MS};
use crate::{Jobs, ShopError, payments::AttemptStatus};

impl Jobs {
    /// Closes an attempt that stayed open when a newer one began.
    pub(super) async fn close_job(&self, job: &JobRecord) -> Result<Outcome, ShopError> {
        let number = job.subject.parse().map_err(|_| ShopError::BadRequest("not an out_trade_no"))?;
        let Some(attempt) = self.store.attempt(&number).await? else { return Ok(Outcome::Done) };
        if attempt.state != AttemptState::Open {
            return Ok(Outcome::Done);
        }
        Ok(match self.payments.close_attempt(&attempt).await? {
            AttemptStatus::Paid | AttemptStatus::Closed => Outcome::Done,
            AttemptStatus::Open | AttemptStatus::Unknown => {
                Outcome::RunAgain(self.clock.now_ms() + RETRY_PAUSE_MS)
            }
        })
    }
}
