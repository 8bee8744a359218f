use model::{OrderId, OrderStatus, Shopper, payment::AttemptState};

use crate::{Shop, ShopError};

impl Shop {
    /// The state of an order. With `ask` the shop queries WeChat first: the browser reports that something happened, and its
    /// report is only a reason to query.
    ///
    /// # Errors
    /// [`ShopError::NotFound`], or a failing database. If WeChat does not answer, the known state is returned.
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
