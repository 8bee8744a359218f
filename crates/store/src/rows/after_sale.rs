use std::collections::BTreeMap;

use model::record::{AfterSaleLine, AfterSaleRecord};

use super::column::{flag, number, number_or_null, text};
use crate::{StoreError, driver::Row};

/// The columns of `after_sales`, as [`after_sales`] reads them.
pub(crate) const AFTER_SALE: &str = "id, order_id, kind, state, fee, reason, pictures, asked_ms, due_ms, answer, who, \
     answered_ms, carrier, tracking_no, sent_ms, received_ms, restock, cancels_pieces, out_refund_no";

/// The columns of `after_sale_lines`, as [`after_sales`] reads them.
pub(crate) const AFTER_SALE_LINE: &str = "after_sale_id, position, pieces, fee";

/// Builds after-sales from rows of `after_sales` and the sorted rows of `after_sale_lines`.
pub(crate) fn after_sales(rows: &[Row], lines: &[Row]) -> Result<Vec<AfterSaleRecord>, StoreError> {
    let mut lines_of: BTreeMap<String, Vec<AfterSaleLine>> = BTreeMap::new();
    for row in lines {
        lines_of.entry(text(row, "after_sale_id")?).or_default().push(line(row)?);
    }
    rows.iter()
        .map(|row| {
            let id: String = text(row, "id")?;
            after_sale(row, lines_of.remove(&id).unwrap_or_default())
        })
        .collect()
}

fn line(row: &Row) -> Result<AfterSaleLine, StoreError> {
    Ok(AfterSaleLine {
        position: number(row, "position")?,
        pieces: number(row, "pieces")?,
        fee: model::Fen(number(row, "fee")?),
    })
}

fn after_sale(row: &Row, lines: Vec<AfterSaleLine>) -> Result<AfterSaleRecord, StoreError> {
    Ok(AfterSaleRecord {
        id: text(row, "id")?,
        order_id: text(row, "order_id")?,
        kind: text(row, "kind")?,
        state: text(row, "state")?,
        lines,
        fee: model::Fen(number(row, "fee")?),
        reason: text(row, "reason")?,
        pictures: number(row, "pictures")?,
        asked_ms: number(row, "asked_ms")?,
        due_ms: number_or_null(row, "due_ms")?,
        answer: text(row, "answer")?,
        who: text(row, "who")?,
        answered_ms: number_or_null(row, "answered_ms")?,
        carrier: text(row, "carrier")?,
        tracking_no: text(row, "tracking_no")?,
        sent_ms: number_or_null(row, "sent_ms")?,
        received_ms: number_or_null(row, "received_ms")?,
        restock: flag(row, "restock")?,
        cancels_pieces: flag(row, "cancels_pieces")?,
        out_refund_no: text(row, "out_refund_no")?,
    })
}
