use super::Outcome;
use crate::{
    Shop, ShopError,
    payments::Answer,
    store::rows::{AttemptState, JobRow},
};

impl Shop {
    pub(super) async fn query_job(&self, job: &JobRow) -> Result<Outcome, ShopError> {
        let number = job.subject.parse().map_err(|_| ShopError::BadRequest("not an out_trade_no"))?;
        let Some(attempt) = self.store().attempt(&number).await? else { return Ok(Outcome::Done) };
        if attempt.state != AttemptState::Open {
            return Ok(Outcome::Done);
        }
        match self.query(&attempt).await? {
            Answer::Paid | Answer::Closed => Ok(Outcome::Done),
            // past the schedule, the order's expiry asks once more
            Answer::Open | Answer::Unknown => {
                Ok(self.next_query_ms(job.tries).map_or(Outcome::Done, Outcome::Again))
            }
        }
    }
}
