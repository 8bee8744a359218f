use crate::{Reconciliation, ShopError, payments::AttemptStatus};

/// The result of [`Reconciliation::reconcile`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// The number of attempts that the shop queried.
    pub attempts: usize,
    /// The number of attempts that are paid now.
    pub paid: usize,
    /// The number of attempts that can no longer be paid.
    pub closed: usize,
    /// The number of refunds that the shop sent or queried.
    pub refunds: usize,
    /// The number of refunds that have ended.
    pub ended: usize,
    /// The number of failed calls.
    pub failed: usize,
}

impl Reconciliation {
    /// Queries WeChat about every open attempt and refund now, without the jobs.
    ///
    /// # Errors
    /// A failing database. A failed call is only counted.
    pub async fn reconcile(&self) -> Result<Reconciled, ShopError> {
        let mut done = Reconciled::default();
        for attempt in self.store.open_attempts().await? {
            done.attempts += 1;
            match self.payments.query(&attempt).await {
                Ok(AttemptStatus::Paid) => done.paid += 1,
                Ok(AttemptStatus::Closed) => done.closed += 1,
                Ok(AttemptStatus::Open | AttemptStatus::Unknown) => {}
                Err(ShopError::Store(error)) => return Err(error.into()),
                Err(error) => {
                    tracing::warn!(out_trade_no = %attempt.out_trade_no, %error, "a query about an attempt failed");
                    done.failed += 1;
                }
            }
        }
        for refund in self.store.open_refunds().await? {
            done.refunds += 1;
            match self.refunds.send_refund(&refund.out_refund_no).await {
                Ok(state) if state.is_final() => done.ended += 1,
                Ok(_) => {}
                Err(ShopError::Store(error)) => return Err(error.into()),
                Err(error) => {
                    tracing::warn!(out_refund_no = %refund.out_refund_no, %error, "a query about a refund failed");
                    done.failed += 1;
                }
            }
        }
        Ok(done)
    }
}
