use model::{OrderId, order::OrderState};

use super::{AGAIN_MS, Outcome};
use crate::{
    Shop, ShopError,
    orders::{Release, RequestClose},
    payments::Answer,
    store::rows::{AttemptState, JobRow},
};

impl Shop {
    pub(super) async fn expire_job(&self, job: &JobRow) -> Result<Outcome, ShopError> {
        let id: OrderId = job.subject.parse().map_err(|_| ShopError::BadRequest("not an order id"))?;
        let Some(order) = self.store().order(&id).await? else { return Ok(Outcome::Done) };
        let now_ms = self.clock().now_ms();
        // before its time is over, an order is closed only where its shopper gave it up
        if now_ms < order.expires_ms && order.state.is_payable() {
            if order.state == OrderState::Created {
                self.store().writer.write(Release { id, now_ms }).await?;
            }
            return Ok(Outcome::Again(order.expires_ms));
        }
        if !order.state.is_settled() {
            let close =
                RequestClose { id: id.clone(), who: "clock", detail: "the time to pay is over", now_ms };
            // refused where it was paid in the same moment
            let _ = self.store().writer.write(close).await?;
        }
        // of a paid order too: an attempt that stayed open beside the paid one could still be paid
        let mut left = false;
        for attempt in self.store().attempts_of(&id).await? {
            if attempt.state == AttemptState::Open {
                if now_ms < order.expires_ms && order.state.was_paid() {
                    return Ok(Outcome::Again(order.expires_ms));
                }
                let answer = self.close_attempt(&attempt).await?;
                left |= matches!(answer, Answer::Open | Answer::Unknown);
            }
        }
        Ok(if left { Outcome::Again(self.clock().now_ms() + AGAIN_MS) } else { Outcome::Done })
    }
}
