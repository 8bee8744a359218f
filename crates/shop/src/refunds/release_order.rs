//! Releases an order whose refunds were unknown, when staff resolve the discrepancy.

use model::{OutTradeNo, record::AuditRecord};

use super::{RefundsKnown, settle_refund::REFUNDS_UNKNOWN};
use crate::{Refunds, ShopError};

impl Refunds {
    /// If this discrepancy is about unknown refunds, resolves it, and the refunds count as known: the shop can ship and refund
    /// the order again. One commit does both. Returns false for another discrepancy, and if the refunds are known.
    pub(crate) async fn release_held_order(
        &self,
        discrepancy: &str,
        resolution: &str,
        audit: Option<AuditRecord>,
    ) -> Result<bool, ShopError> {
        let number =
            discrepancy.strip_prefix(REFUNDS_UNKNOWN).and_then(|number| number.parse::<OutTradeNo>().ok());
        let Some(out_trade_no) = number else { return Ok(false) };
        let Some(attempt) = self.store.attempt(&out_trade_no).await? else { return Ok(false) };
        let (order_id, resolution) = (attempt.order_id, resolution.to_owned());
        Ok(self.store.write(RefundsKnown { order_id, out_trade_no, resolution, audit }).await?)
    }
}
