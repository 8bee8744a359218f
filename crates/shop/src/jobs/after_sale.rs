use model::{AfterSaleId, record::JobRecord};

use super::Outcome;
use crate::{Jobs, ShopError};

impl Jobs {
    pub(super) async fn after_sale_job(&self, job: &JobRecord) -> Result<Outcome, ShopError> {
        let wrong = ShopError::BadRequest("not the id of an after-sale with a time");
        let Some((id, due_ms)) = job.subject.split_once('.') else { return Err(wrong) };
        let (Ok(id), Ok(due_ms)) = (id.parse::<AfterSaleId>(), due_ms.parse()) else { return Err(wrong) };
        self.after_sales.step_when_due(&id, due_ms).await?;
        Ok(Outcome::Done)
    }
}
