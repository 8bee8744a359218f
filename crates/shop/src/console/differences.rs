//! What does not fit the books, as a person sees it who is to settle it.

use model::OrderId;
use sqlx::{Row, any::AnyRow};

use super::masked;
use crate::{
    Difference, Right, Shop, ShopError, Staff, Store, StoreError,
    store::{Edit, text},
};

/// Settled differences that are shown beside the open ones.
const SETTLED: usize = 50;

/// Open differences that are shown at once.
const OPEN: usize = 200;

/// A difference, with what came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DifferenceDetail {
    /// The difference.
    pub difference: Difference,
    /// What came, with signatures hidden.
    pub payload: String,
    /// What was done about it; empty while it is open.
    pub resolution: String,
    /// The order that it is about, where there is one.
    pub order_id: Option<OrderId>,
}

impl Shop {
    /// The open differences, oldest first, and behind them those that were settled last.
    ///
    /// # Errors
    /// A failing database.
    pub async fn console_differences(&self) -> Result<Vec<DifferenceDetail>, ShopError> {
        let store = self.store();
        let open = format!("f.resolution = '' ORDER BY f.first_ms, f.id LIMIT {OPEN}");
        let settled = format!("f.resolution <> '' ORDER BY f.last_ms DESC, f.id LIMIT {SETTLED}");
        let mut all = store.difference_details(&open, &[]).await?;
        all.extend(store.difference_details(&settled, &[]).await?);
        Ok(all)
    }

    /// Somebody of the shop says what was done about a difference.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], [`ShopError::Invalid`] without words, [`ShopError::Changed`] where it is not open, or
    /// a failing database.
    pub async fn settle_difference(&self, staff: &Staff, id: &str, note: &str) -> Result<(), ShopError> {
        staff.check(Right::Resolve)?;
        let note = note.trim();
        if note.is_empty() || note.chars().count() > 500 {
            return Err(ShopError::Invalid("请写明处理结果，不超过 500 个字"));
        }
        let sql = "UPDATE differences SET resolution = $1 WHERE id = $2 AND resolution = ''";
        let edit = Edit::new(sql, [text(format!("{note} ({})", staff.name)), text(id)]);
        let audit = self.audit_row(staff.name.as_str(), "resolve difference", format!("{id}: {note}"));
        let done = self.store().edit("resolving a difference", vec![edit], audit).await?;
        if !done {
            return Err(ShopError::Changed);
        }
        self.release_held_order(id).await
    }
}

impl Store {
    pub(super) async fn differences_of(&self, id: &OrderId) -> Result<Vec<DifferenceDetail>, StoreError> {
        let condition =
            "f.out_trade_no IN (SELECT out_trade_no FROM attempts WHERE order_id = $1) ORDER BY f.first_ms";
        self.difference_details(condition, &[id.as_str()]).await
    }

    async fn difference_details(
        &self,
        condition: &str,
        bound: &[&str],
    ) -> Result<Vec<DifferenceDetail>, StoreError> {
        let sql = format!(
            "SELECT f.id, f.kind, f.out_trade_no, f.last_ms, f.times, f.detail, f.payload, f.resolution, a.order_id \
             FROM differences f LEFT JOIN attempts a ON a.out_trade_no = f.out_trade_no WHERE {condition}"
        );
        let rows = self.select(sql, bound).await?;
        let read: Result<_, sqlx::Error> = rows.iter().map(detail).collect();
        read.map_err(StoreError::during("reading differences"))
    }
}

fn detail(row: &AnyRow) -> Result<DifferenceDetail, sqlx::Error> {
    Ok(DifferenceDetail {
        difference: Difference {
            id: row.try_get(0)?,
            kind: row.try_get(1)?,
            out_trade_no: row.try_get(2)?,
            last_ms: row.try_get(3)?,
            times: row.try_get(4)?,
            detail: row.try_get(5)?,
        },
        payload: masked(&String::from_utf8_lossy(&row.try_get::<Vec<u8>, _>(6)?)),
        resolution: row.try_get(7)?,
        order_id: row.try_get::<Option<String>, _>(8)?.and_then(|id| id.parse().ok()),
    })
}
