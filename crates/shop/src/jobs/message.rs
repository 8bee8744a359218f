use model::record::JobRecord;

use super::{Outcome, back_off_ms};
use crate::{Jobs, ShopError};

impl Jobs {
    /// Sends a message to a shopper or to staff.
    pub(super) async fn message_job(&self, job: &JobRecord) -> Result<Outcome, ShopError> {
        Ok(match self.messages.send(&job.subject).await? {
            true => Outcome::Done,
            false => Outcome::RunAgain(self.clock.now_ms() + back_off_ms(job.tries)),
        })
    }
}
