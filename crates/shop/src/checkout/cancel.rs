use model::{OrderId, Shopper, event::EventSource, job::JobKind, order::Refusal};

use crate::{Checkout, ShopError, orders::RequestClose};

impl Checkout {
    /// Cancels an order. The order is closed, and its stock returns, after WeChat has confirmed that no attempt can be
    /// paid. The shop books a payment that arrives before that.
    ///
    /// # Errors
    /// [`ShopError::NotFound`], also for another shopper's order; [`ShopError::AlreadyPaid`]; or a failing database. An
    /// order that is closed or closing is not an error.
    pub async fn cancel(&self, shopper: &Shopper, id: &OrderId) -> Result<(), ShopError> {
        self.orders.own_order(shopper, id).await?;
        let now_ms = self.clock.now_ms();
        let close = RequestClose {
            id: id.clone(),
            who: EventSource::Shopper,
            detail: "the shopper cancelled it",
            now_ms,
        };
        match self.store.write(close).await? {
            Ok(state) if state.is_settled() => return Ok(()),
            Ok(_) | Err(Refusal::AlreadyInState) => {}
            Err(_) => return Err(ShopError::AlreadyPaid),
        }
        // the `expire` job runs now, and again until WeChat confirms the close
        Ok(self.store.run_job_now(JobKind::Expire, id, now_ms).await?)
    }
}
