use crate::{Shop, ShopError, payments::AttemptStatus};

/// What asking WeChat about everything that is open has brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Attempts that were asked about.
    pub attempts: usize,
    /// Those of them that turned out to be paid.
    pub paid: usize,
    /// Those of them that can no longer be paid.
    pub closed: usize,
    /// Refunds that were asked for, or asked about.
    pub refunds: usize,
    /// Those of them that have ended.
    pub ended: usize,
    /// Questions that WeChat did not answer.
    pub failed: usize,
}

impl Shop {
    /// Asks WeChat about every attempt and refund that is open, now, whatever the schedule of the jobs says.
    ///
    /// # Errors
    /// A failing database. WeChat not answering is counted, not an error.
    pub async fn reconcile(&self) -> Result<Reconciled, ShopError> {
        let mut done = Reconciled::default();
        for attempt in self.store().open_attempts().await? {
            done.attempts += 1;
            match self.query(&attempt).await {
                Ok(AttemptStatus::Paid) => done.paid += 1,
                Ok(AttemptStatus::Closed) => done.closed += 1,
                Ok(AttemptStatus::Open | AttemptStatus::Unknown) => {}
                Err(ShopError::Store(error)) => return Err(error.into()),
                Err(error) => {
                    tracing::warn!(out_trade_no = %attempt.out_trade_no, %error, "WeChat was asked in vain");
                    done.failed += 1;
                }
            }
        }
        for refund in self.store().open_refunds().await? {
            done.refunds += 1;
            match self.push_refund(&refund.out_refund_no).await {
                Ok(state) if state.is_final() => done.ended += 1,
                Ok(_) => {}
                Err(ShopError::Store(error)) => return Err(error.into()),
                Err(error) => {
                    tracing::warn!(out_refund_no = %refund.out_refund_no, %error, "WeChat was asked in vain");
                    done.failed += 1;
                }
            }
        }
        Ok(done)
    }
}
