use model::{record::JobRecord, refund::RefundState};

use super::{Outcome, back_off_ms};
use crate::{Jobs, ShopError};

/// The pause between two queries about an abnormal refund, which waits for staff, ms.
const ABNORMAL_MS: i64 = 6 * 60 * 60 * 1000;

impl Jobs {
    pub(super) async fn refund_job(&self, job: &JobRecord) -> Result<Outcome, ShopError> {
        let number = job.subject.parse().map_err(|_| ShopError::BadRequest("not an out_refund_no"))?;
        Ok(match self.refunds.send_refund(&number).await? {
            RefundState::Success | RefundState::Closed => Outcome::Done,
            RefundState::Abnormal => Outcome::RunAgain(self.clock.now_ms() + ABNORMAL_MS),
            RefundState::Requested | RefundState::Processing => {
                Outcome::RunAgain(self.clock.now_ms() + back_off_ms(job.tries))
            }
        })
    }
}
