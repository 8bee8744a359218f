use super::{AGAIN_MS, Outcome};
use crate::{
    Shop, ShopError,
    payments::Answer,
    store::rows::{AttemptRow, AttemptState, JobRow},
};

impl Shop {
    pub(super) async fn query_job(&self, job: &JobRow) -> Result<Outcome, ShopError> {
        let number = job.subject.parse().map_err(|_| ShopError::BadRequest("not an out_trade_no"))?;
        let Some(attempt) = self.store().attempt(&number).await? else { return Ok(Outcome::Done) };
        if attempt.state != AttemptState::Open {
            return Ok(Outcome::Done);
        }
        if self.is_superseded(&attempt).await? {
            // WeChat closes no attempt in its first minutes: asked again until it does
            return Ok(match self.close_attempt(&attempt).await? {
                Answer::Paid | Answer::Closed => Outcome::Done,
                Answer::Open | Answer::Unknown => Outcome::Again(self.clock().now_ms() + AGAIN_MS),
            });
        }
        match self.query(&attempt).await? {
            Answer::Paid | Answer::Closed => Ok(Outcome::Done),
            // past the schedule, the order's expiry asks once more
            Answer::Open | Answer::Unknown => {
                Ok(self.next_query_ms(job.tries).map_or(Outcome::Done, Outcome::Again))
            }
        }
    }

    /// Whether an open attempt is of no use any more: its order is paid, or is being paid another way.
    async fn is_superseded(&self, attempt: &AttemptRow) -> Result<bool, ShopError> {
        let Some(order) = self.store().order(&attempt.order_id).await? else { return Ok(false) };
        if order.state.was_paid() {
            return Ok(true);
        }
        let others = self.store().attempts_of(&attempt.order_id).await?;
        Ok(others.iter().any(|other| other.state == AttemptState::Open && other.seq > attempt.seq))
    }
}
