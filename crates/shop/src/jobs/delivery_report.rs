use model::{OrderId, record::JobRecord};

use super::{Outcome, back_off_ms};
use crate::{Jobs, ShopError};

impl Jobs {
    /// Reports one version of an order's delivery to WeChat.
    pub(super) async fn delivery_report_job(&self, job: &JobRecord) -> Result<Outcome, ShopError> {
        let (id, version) = subject(&job.subject)
            .ok_or(ShopError::BadRequest("the subject is not the id of an order and a version"))?;
        Ok(if self.shipping.report(&id, version).await? {
            Outcome::Done
        } else {
            Outcome::RunAgain(self.clock.now_ms() + back_off_ms(job.tries))
        })
    }

    /// Marks an order as received when its time limit is over.
    pub(super) async fn receipt_job(&self, job: &JobRecord) -> Result<Outcome, ShopError> {
        let id = job.subject.parse().map_err(|_| ShopError::BadRequest("not an order id"))?;
        Ok(self.shipping.receive_when_due(&id).await?.map_or(Outcome::Done, Outcome::RunAgain))
    }
}

fn subject(text: &str) -> Option<(OrderId, i64)> {
    let (id, version) = text.split_once('.')?;
    Some((id.parse().ok()?, version.parse().ok()?))
}
