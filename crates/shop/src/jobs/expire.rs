use model::OrderId;

use super::{AGAIN_MS, Outcome};
use crate::{
    Shop, ShopError,
    orders::RequestClose,
    store::rows::{AttemptState, JobRow},
};

impl Shop {
    pub(super) async fn expire_job(&self, job: &JobRow) -> Result<Outcome, ShopError> {
        let id: OrderId = job.subject.parse().map_err(|_| ShopError::BadRequest("not an order id"))?;
        let Some(order) = self.store().order(&id).await? else { return Ok(Outcome::Done) };
        if order.state.is_settled() {
            return Ok(Outcome::Done);
        }
        let now_ms = self.clock().now_ms();
        let close = RequestClose { id: id.clone(), who: "clock", detail: "the time to pay is over", now_ms };
        let state = match self.store().writer.write(close).await? {
            Ok(state) => state,
            // paid in the same moment
            Err(_) => return Ok(Outcome::Done),
        };
        if state.is_settled() {
            return Ok(Outcome::Done);
        }
        for attempt in self.store().attempts_of(&id).await? {
            if attempt.state == AttemptState::Open {
                self.close_attempt(&attempt).await?;
            }
        }
        let settled = self.store().order(&id).await?.is_none_or(|order| order.state.is_settled());
        Ok(if settled { Outcome::Done } else { Outcome::Again(self.clock().now_ms() + AGAIN_MS) })
    }
}
