//! The state of an order for its page. The page polls it after a payment.

use std::time::Duration;

use model::{OrderId, OrderStatus, OutTradeNo, Shopper, payment::AttemptState};

use crate::{OrderDetail, Payments, ShopError};

/// The time limit for WeChat's answer before the page is shown.
const QUERY_TIMEOUT: Duration = Duration::from_secs(2);

impl Payments {
    /// The state of an order. With `ask` the shop queries WeChat first, because a report of the browser is only a
    /// reason to ask.
    ///
    /// # Errors
    /// [`ShopError::NotFound`], or a failing database. If WeChat does not answer, this returns the known state.
    pub async fn order_status(
        &self,
        shopper: &Shopper,
        id: &OrderId,
        ask: bool,
    ) -> Result<OrderStatus, ShopError> {
        let order = self.orders.seen_order(shopper, id).await?;
        if !ask || order.state.is_settled() {
            return Ok(OrderStatus { state: order.state });
        }
        let mut state = order.state;
        for attempt in self.store.attempts_of(id).await? {
            if attempt.state != AttemptState::Open || !self.may_ask(&attempt.out_trade_no) {
                continue;
            }
            if let Err(error) = self.query(&attempt).await {
                tracing::warn!(out_trade_no = %attempt.out_trade_no, %error, "a query about an attempt failed");
            }
            state = self.orders.seen_order(shopper, id).await?.state;
        }
        Ok(OrderStatus { state })
    }

    /// Whether a page may query WeChat about this attempt now: a rate limit for each attempt.
    fn may_ask(&self, out_trade_no: &OutTradeNo) -> bool {
        self.asked.entry(out_trade_no.clone(), self.clock.now_ms(), || ()).1
    }

    /// An order as its page shows it. If the order is unpaid, the shop queries WeChat first, for at most two seconds.
    ///
    /// # Errors
    /// As [`Orders::order`](crate::Orders::order).
    pub async fn order_after_query(&self, shopper: &Shopper, id: &OrderId) -> Result<OrderDetail, ShopError> {
        if let Ok(asked) = tokio::time::timeout(QUERY_TIMEOUT, self.order_status(shopper, id, true)).await {
            asked?;
        }
        self.orders.order(shopper, id).await
    }
}
