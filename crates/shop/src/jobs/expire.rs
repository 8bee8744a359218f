use model::{OrderId, event::EventSource, order::OrderState, payment::AttemptState, record::JobRecord};

use super::{Outcome, RETRY_PAUSE_MS};
use crate::{
    Jobs, ShopError,
    orders::{RequestClose, ReturnStock},
    payments::AttemptStatus,
};

impl Jobs {
    pub(super) async fn expire_job(&self, job: &JobRecord) -> Result<Outcome, ShopError> {
        let id: OrderId = job.subject.parse().map_err(|_| ShopError::BadRequest("not an order id"))?;
        let Some(order) = self.store.order(&id).await? else { return Ok(Outcome::Done) };
        let now_ms = self.clock.now_ms();
        // before its time is over, only a cancelled order is closed
        if now_ms < order.expires_ms && order.state.is_payable() {
            if order.state == OrderState::Created {
                self.store.write(ReturnStock { id, now_ms }).await?;
            }
            return Ok(Outcome::RunAgain(order.expires_ms));
        }
        if !order.state.is_settled() {
            let close = RequestClose {
                id: id.clone(),
                who: EventSource::Clock,
                detail: "the time to pay is over",
                now_ms,
            };
            // the command refuses if the order was paid a moment ago
            let _ = self.store.write(close).await?;
        }
        // also for a paid order, because another open attempt of it can still be paid
        let mut left = false;
        for attempt in self.store.attempts_of(&id).await? {
            if attempt.state == AttemptState::Open {
                if now_ms < order.expires_ms && order.state.was_paid() {
                    return Ok(Outcome::RunAgain(order.expires_ms));
                }
                let answer = self.payments.close_attempt(&attempt).await?;
                left |= matches!(answer, AttemptStatus::Open | AttemptStatus::Unknown);
            }
        }
        Ok(if left { Outcome::RunAgain(self.clock.now_ms() + RETRY_PAUSE_MS) } else { Outcome::Done })
    }
}
