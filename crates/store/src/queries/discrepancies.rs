//! Reads and resolves discrepancies. Their table is `differences`. Commands record them.

use model::{
    OrderId,
    admin::{Discrepancy, DiscrepancyDetail},
};

use crate::{Store, StoreError, Update, driver::Row, driver::text, rows};

const DISCREPANCY: &str = "f.id AS id, f.kind AS kind, f.out_trade_no AS out_trade_no, f.last_ms AS last_ms, \
    f.times AS times, f.detail AS detail";

impl Store {
    /// The open discrepancies, oldest first.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn open_discrepancies(&self) -> Result<Vec<Discrepancy>, StoreError> {
        let sql = format!(
            "SELECT {DISCREPANCY} FROM differences f WHERE f.resolution = '' ORDER BY f.first_ms, f.id"
        );
        self.select(sql, &[]).await?.iter().map(discrepancy).collect()
    }

    /// The number of open discrepancies.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn open_discrepancy_count(&self) -> Result<i64, StoreError> {
        let sql = "SELECT CAST(COUNT(*) AS BIGINT) AS open FROM differences WHERE resolution = ''".to_owned();
        self.select(sql, &[]).await?.first().map_or(Ok(0), |row| rows::number(row, "open"))
    }

    /// The `open` oldest open discrepancies, then the `resolved` newest resolved ones.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn discrepancy_details(
        &self,
        open: usize,
        resolved: usize,
    ) -> Result<Vec<DiscrepancyDetail>, StoreError> {
        let of_open = format!("f.resolution = '' ORDER BY f.first_ms, f.id LIMIT {open}");
        let of_resolved = format!("f.resolution <> '' ORDER BY f.last_ms DESC, f.id LIMIT {resolved}");
        let mut all = self.details_where(&of_open, &[]).await?;
        all.extend(self.details_where(&of_resolved, &[]).await?);
        Ok(all)
    }

    /// The discrepancies of an order's attempts, oldest first.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn discrepancies_of(&self, id: &OrderId) -> Result<Vec<DiscrepancyDetail>, StoreError> {
        let condition =
            "f.out_trade_no IN (SELECT out_trade_no FROM attempts WHERE order_id = $1) ORDER BY f.first_ms";
        self.details_where(condition, &[id.as_str()]).await
    }

    /// Resolves a discrepancy. Returns whether it was open.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn resolve_discrepancy(&self, id: &str, resolution: &str) -> Result<bool, StoreError> {
        let update = Update::resolve_discrepancy(id, resolution);
        self.execute_one("resolving a discrepancy", update).await
    }

    async fn details_where(
        &self,
        condition: &str,
        bound: &[&str],
    ) -> Result<Vec<DiscrepancyDetail>, StoreError> {
        let sql = format!(
            "SELECT {DISCREPANCY}, f.payload AS payload, f.resolution AS resolution, a.order_id AS order_id \
             FROM differences f LEFT JOIN attempts a ON a.out_trade_no = f.out_trade_no WHERE {condition}"
        );
        self.select(sql, bound).await?.iter().map(detail).collect()
    }
}

impl Update {
    /// Resolves a discrepancy. Changes no row if it is not open.
    #[must_use]
    pub fn resolve_discrepancy(id: &str, resolution: &str) -> Self {
        let sql = "UPDATE differences SET resolution = $1 WHERE id = $2 AND resolution = ''";
        Self::new(sql, [text(resolution), text(id)])
    }
}

fn discrepancy(row: &Row) -> Result<Discrepancy, StoreError> {
    Ok(Discrepancy {
        id: rows::text(row, "id")?,
        kind: rows::text(row, "kind")?,
        out_trade_no: rows::text(row, "out_trade_no")?,
        last_ms: rows::number(row, "last_ms")?,
        times: rows::number(row, "times")?,
        detail: rows::text(row, "detail")?,
    })
}

fn detail(row: &Row) -> Result<DiscrepancyDetail, StoreError> {
    let payload: Vec<u8> = rows::bytes(row, "payload")?;
    Ok(DiscrepancyDetail {
        discrepancy: discrepancy(row)?,
        payload: String::from_utf8_lossy(&payload).into_owned(),
        resolution: rows::text(row, "resolution")?,
        order_id: rows::text_or_null(row, "order_id")?,
    })
}
