use model::OrderId;

use super::{AGAIN_MS, Outcome};
use crate::{
    Shop, ShopError,
    orders::RequestClose,
    payments::Answer,
    store::rows::{AttemptState, JobRow},
};

impl Shop {
    pub(super) async fn expire_job(&self, job: &JobRow) -> Result<Outcome, ShopError> {
        let id: OrderId = job.subject.parse().map_err(|_| ShopError::BadRequest("not an order id"))?;
        let Some(order) = self.store().order(&id).await? else { return Ok(Outcome::Done) };
        if !order.state.is_settled() {
            let now_ms = self.clock().now_ms();
            let close =
                RequestClose { id: id.clone(), who: "clock", detail: "the time to pay is over", now_ms };
            // refused where it was paid in the same moment
            let _ = self.store().writer.write(close).await?;
        }
        // of a paid order too: an attempt that stayed open beside the paid one could still be paid
        let mut left = false;
        for attempt in self.store().attempts_of(&id).await? {
            if attempt.state == AttemptState::Open {
                let answer = self.close_attempt(&attempt).await?;
                left |= matches!(answer, Answer::Open | Answer::Unknown);
            }
        }
        Ok(if left { Outcome::Again(self.clock().now_ms() + AGAIN_MS) } else { Outcome::Done })
    }
}
