//! Alerts about failed sign-ins, for owners.

use model::admin::SignInAlert;

use super::{Right, Staff, sign_in::WRONG_CODE};
use crate::{ShopError, StaffAccounts, clock::DAY_MS};

/// The number of failed sign-ins of a name within 24 hours that causes an alert.
const WORTH_TELLING: i64 = 5;

/// The maximum number of alerts.
const MAX_ALERTS: usize = 10;

impl StaffAccounts {
    /// The names with many failed sign-ins in the last 24 hours, or more than two with the right password and a wrong
    /// code. Empty for a staff member without the right [`Right::Staff`].
    ///
    /// # Errors
    /// A failing database.
    pub async fn sign_in_alerts(&self, staff: &Staff) -> Result<Vec<SignInAlert>, ShopError> {
        if staff.check(Right::Staff).is_err() {
            return Ok(Vec::new());
        }
        let since_ms = self.clock.now_ms() - DAY_MS;
        Ok(self.store.refused_sign_ins(since_ms, WORTH_TELLING, WRONG_CODE, MAX_ALERTS).await?)
    }
}
