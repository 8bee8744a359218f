use model::record::InvoiceRecord;

use super::column::{number, number_or_null, text};
use crate::{StoreError, driver::Row};

/// The columns of `invoices`, as [`invoice`] reads them.
pub(crate) const INVOICE: &str = "order_id, kind, title, tax_number, email, asked_ms, issued_ms, who";

pub(crate) fn invoice(row: &Row) -> Result<InvoiceRecord, StoreError> {
    Ok(InvoiceRecord {
        order_id: text(row, "order_id")?,
        kind: text(row, "kind")?,
        title: text(row, "title")?,
        tax_number: text(row, "tax_number")?,
        email: text(row, "email")?,
        asked_ms: number(row, "asked_ms")?,
        issued_ms: number_or_null(row, "issued_ms")?,
        who: text(row, "who")?,
    })
}
