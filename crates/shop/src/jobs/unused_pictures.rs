use model::{OrderId, record::JobRecord};

use super::Outcome;
use crate::{Jobs, ShopError};

impl Jobs {
    /// Deletes pictures that no row names.
    pub(super) async fn unused_pictures_job(&self, job: &JobRecord) -> Result<Outcome, ShopError> {
        let order: OrderId =
            job.subject.parse().map_err(|_| ShopError::BadRequest("not the id of an order"))?;
        Ok(match self.pictures.delete_unused(&order).await? {
            None => Outcome::Done,
            Some(at_ms) => Outcome::RunAgain(at_ms),
        })
    }
}
