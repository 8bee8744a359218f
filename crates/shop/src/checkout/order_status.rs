use model::{OrderId, OrderStatus, Shopper, payment::AttemptState};

use crate::{Shop, ShopError};

impl Shop {
    /// Where an order stands. With `ask`, because the browser believes that something happened, WeChat is asked
    /// first; what the browser says about a payment is never more than a reason to ask.
    ///
    /// # Errors
    /// [`ShopError::NotFound`], or a failing database. WeChat not answering is no error: the order is shown as
    /// it is known.
    pub async fn order_status(
        &self,
        shopper: &Shopper,
        id: &OrderId,
        ask: bool,
    ) -> Result<OrderStatus, ShopError> {
        let order = self.seen_order(shopper, id).await?;
        if !ask || order.state.is_settled() {
            return Ok(OrderStatus { state: order.state });
        }
        for attempt in self.store().attempts_of(id).await? {
            if attempt.state == AttemptState::Open
                && self.may_ask(&attempt.out_trade_no)
                && let Err(error) = self.query(&attempt).await
            {
                tracing::warn!(out_trade_no = %attempt.out_trade_no, %error, "WeChat was asked in vain");
            }
        }
        let order = self.seen_order(shopper, id).await?;
        Ok(OrderStatus { state: order.state })
    }
}
