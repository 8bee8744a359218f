use model::{payment::AttemptState, record::JobRecord};

use super::Outcome;
use crate::{Jobs, ShopError, payments::AttemptStatus};

impl Jobs {
    pub(super) async fn query_job(&self, job: &JobRecord) -> Result<Outcome, ShopError> {
        let number = job.subject.parse().map_err(|_| ShopError::BadRequest("not an out_trade_no"))?;
        let Some(attempt) = self.store.attempt(&number).await? else { return Ok(Outcome::Done) };
        if attempt.state != AttemptState::Open {
            return Ok(Outcome::Done);
        }
        match self.payments.query(&attempt).await? {
            AttemptStatus::Paid | AttemptStatus::Closed => Ok(Outcome::Done),
            // after the last interval the `expire` job queries once more
            AttemptStatus::Open | AttemptStatus::Unknown => {
                Ok(self.next_query_ms(job.tries).map_or(Outcome::Done, Outcome::RunAgain))
            }
        }
    }
}
