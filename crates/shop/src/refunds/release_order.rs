//! Releases an order whose refunds were unknown, when staff resolve the discrepancy.

use model::OutTradeNo;

use super::{RefundsKnown, settle_refund::REFUNDS_UNKNOWN};
use crate::{Refunds, ShopError};

impl Refunds {
    /// If a resolved discrepancy is about unknown refunds, the refunds count as known from now on. So the shop can ship
    /// and refund the order again.
    pub(crate) async fn release_held_order(&self, discrepancy: &str) -> Result<(), ShopError> {
        let number =
            discrepancy.strip_prefix(REFUNDS_UNKNOWN).and_then(|number| number.parse::<OutTradeNo>().ok());
        let Some(out_trade_no) = number else { return Ok(()) };
        let Some(attempt) = self.store.attempt(&out_trade_no).await? else { return Ok(()) };
        let known = RefundsKnown { order_id: attempt.order_id, out_trade_no: attempt.out_trade_no };
        Ok(self.store.write(known).await?)
    }
}
