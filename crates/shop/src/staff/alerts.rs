//! What the owner is told about failed sign-ins.

use sqlx::Row;

use super::{Right, Staff, sign_in::WRONG_CODE};
use crate::{Shop, ShopError, StoreError, clock::DAY_MS};

/// Failed sign-ins of a day that are worth telling.
const WORTH_TELLING: i64 = 5;

/// Names that are told of at most.
const MOST: usize = 10;

/// Failed sign-ins of one name in the last 24 hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInAlert {
    /// The name; `?` for what was no name.
    pub name: String,
    /// How many failed.
    pub failures: i64,
    /// How many of them had the right password and a wrong code.
    pub wrong_codes: i64,
    /// When the last one was, ms.
    pub last_ms: i64,
}

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
        let sql = format!(
            "SELECT who, CAST(COUNT(*) AS BIGINT), CAST(SUM(CASE WHEN detail LIKE '%{WRONG_CODE}%' THEN 1 ELSE 0 END) AS \
             BIGINT), MAX(at_ms) FROM audit WHERE at_ms > {since_ms} AND what = 'sign in refused' GROUP BY who HAVING \
             COUNT(*) >= {WORTH_TELLING} OR SUM(CASE WHEN detail LIKE '%{WRONG_CODE}%' THEN 1 ELSE 0 END) > 2 ORDER BY 2 \
             DESC LIMIT {MOST}"
        );
        let rows = self.store().select(sql, &[]).await?;
        let alerts = rows.iter().map(|row| {
            Ok(SignInAlert {
                name: row.try_get(0)?,
                failures: row.try_get(1)?,
                wrong_codes: row.try_get(2)?,
                last_ms: row.try_get(3)?,
            })
        });
        Ok(alerts
            .collect::<Result<_, sqlx::Error>>()
            .map_err(StoreError::during("reading failed sign-ins"))?)
    }
}
