use model::{event::EventSource, record::AttemptRecord};

use super::query_attempt::AttemptStatus;
use crate::{Payments, ShopError, orders::CloseConfirmed};

/// WeChat refuses to close an attempt in its first five minutes (关闭订单), ms.
pub(super) const CLOSE_AFTER_MS: i64 = 5 * 60 * 1000;

/// A prepay call that timed out can create the attempt at WeChat until its `time_expire`. After this margin it cannot
/// any more, ms.
const LANDING_MARGIN_MS: i64 = 5 * 60 * 1000;

impl Payments {
    /// Queries an attempt and closes it, if WeChat allows that now. Returns its status after that.
    pub(crate) async fn close_attempt(&self, attempt: &AttemptRecord) -> Result<AttemptStatus, ShopError> {
        let now_ms = self.clock.now_ms();
        match self.query(attempt).await? {
            AttemptStatus::Open if now_ms >= attempt.created_ms + CLOSE_AFTER_MS => {}
            AttemptStatus::Unknown if now_ms >= attempt.expires_ms + LANDING_MARGIN_MS => {
                self.confirm_closed(attempt, EventSource::Close, "WeChat never had this order".to_owned())
                    .await?;
                return Ok(AttemptStatus::Closed);
            }
            answer => return Ok(answer),
        }
        let closed = self.accounts.gateway_of(attempt)?.close(attempt.out_trade_no.as_str()).await;
        match closed {
            Ok(()) => self
                .confirm_closed(attempt, EventSource::Close, "close".to_owned())
                .await
                .map(|()| AttemptStatus::Closed),
            // the attempt was paid at the same moment: the query books the payment
            Err(error) if error.is_order_paid() => self.query(attempt).await,
            Err(error) if error.is_order_closed() => self
                .confirm_closed(attempt, EventSource::Close, error.to_string())
                .await
                .map(|()| AttemptStatus::Closed),
            Err(error) => Err(error.into()),
        }
    }

    /// Records that WeChat confirmed the close of an attempt. `who` is the call that WeChat answered.
    pub(super) async fn confirm_closed(
        &self,
        attempt: &AttemptRecord,
        who: EventSource,
        detail: String,
    ) -> Result<(), ShopError> {
        let confirmed = CloseConfirmed {
            out_trade_no: attempt.out_trade_no.clone(),
            order_id: attempt.order_id.clone(),
            who,
            detail,
            now_ms: self.clock.now_ms(),
        };
        Ok(self.store.write(confirmed).await?)
    }
}
