//! What the owner is told about failed sign-ins.

use model::admin::SignInAlert;

use super::{Right, Staff, sign_in::WRONG_CODE};
use crate::{Shop, ShopError, clock::DAY_MS};

/// Failed sign-ins of a day that are worth telling.
const WORTH_TELLING: i64 = 5;

/// Names that are told of at most.
const MOST: usize = 10;

impl Shop {
    /// The names under which many sign-ins failed in the last 24 hours, or one with the right password and a wrong code
    /// more than twice. Empty for somebody who does not look after the staff.
    ///
    /// # Errors
    /// A failing database.
    pub async fn sign_in_alerts(&self, staff: &Staff) -> Result<Vec<SignInAlert>, ShopError> {
        if staff.check(Right::Staff).is_err() {
            return Ok(Vec::new());
        }
        let since_ms = self.clock().now_ms() - DAY_MS;
        Ok(self.store().refused_sign_ins(since_ms, WORTH_TELLING, WRONG_CODE, MOST).await?)
    }
}
