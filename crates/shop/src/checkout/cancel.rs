use model::{OrderId, Shopper, event::EventSource, job::JobKind, order::Refusal};

use crate::{Checkout, ShopError, orders::RequestClose};

impl Checkout {
    /// Cancels an order. The order is closed, and its stock returns, once WeChat confirms that nothing can be paid. A payment
    /// that arrives before counts.
    ///
    /// # Errors
    /// [`ShopError::NotFound`], also where the order is somebody else's; [`ShopError::AlreadyPaid`]; or a failing
    /// database. An order that is closed, or being closed, is no error.
    pub async fn cancel(&self, shopper: &Shopper, id: &OrderId) -> Result<(), ShopError> {
        self.orders.own_order(shopper, id).await?;
        let now_ms = self.clock.now_ms();
        let close = RequestClose {
            id: id.clone(),
            who: EventSource::Shopper,
            detail: "the shopper gave it up",
            now_ms,
        };
        match self.store.write(close).await? {
            Ok(state) if state.is_settled() => return Ok(()),
            Ok(_) | Err(Refusal::AlreadySo) => {}
            Err(_) => return Err(ShopError::AlreadyPaid),
        }
        // the expire job runs now, and again until WeChat confirms
        Ok(self.store.run_job_now(JobKind::Expire, id, now_ms).await?)
    }
}
