//! The invoices that shoppers ask for. Money does not depend on these rows, so plain statements write them, not
//! commands.

use model::{OrderId, record::InvoiceRecord};

use crate::{
    Store, StoreError, Update,
    driver::{Value, text},
    rows::{self, INVOICE},
};

impl Store {
    /// The invoice of an order; `None` if its shopper asked for none.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn invoice(&self, id: &OrderId) -> Result<Option<InvoiceRecord>, StoreError> {
        let sql = format!("SELECT {INVOICE} FROM invoices WHERE order_id = $1");
        self.select(sql, &[id.as_str()]).await?.first().map(rows::invoice).transpose()
    }

    /// Stores the invoice that a shopper asks for. Returns `false`, and changes nothing, if the invoice is issued
    /// already.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn save_invoice(&self, invoice: &InvoiceRecord) -> Result<bool, StoreError> {
        let sql = "INSERT INTO invoices (order_id, kind, title, tax_number, email, asked_ms, issued_ms, who) \
                   VALUES ($1, $2, $3, $4, $5, $6, NULL, '') ON CONFLICT (order_id) DO UPDATE SET kind = excluded.kind, \
                   title = excluded.title, tax_number = excluded.tax_number, email = excluded.email, \
                   asked_ms = excluded.asked_ms WHERE invoices.issued_ms IS NULL";
        let values = [
            text(&invoice.order_id),
            text(invoice.kind),
            text(&invoice.title),
            text(&invoice.tax_number),
            text(&invoice.email),
            Value::Number(invoice.asked_ms),
        ];
        self.execute_one("writing an invoice", Update::new(sql, values)).await
    }
}

impl Update {
    /// Marks an invoice as issued. Changes no row if it is issued, or the shopper changed it after `asked_ms`.
    #[must_use]
    pub fn issue_invoice(id: &OrderId, asked_ms: i64, who: &str, now_ms: i64) -> Self {
        let sql = "UPDATE invoices SET issued_ms = $1, who = $2 WHERE order_id = $3 AND asked_ms = $4 AND issued_ms IS NULL";
        Self::new(sql, [Value::Number(now_ms), text(who), text(id), Value::Number(asked_ms)])
    }
}
