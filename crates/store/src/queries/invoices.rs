//! The invoices that shoppers ask for. Money does not depend on these rows, so they are written by plain statements.

use model::{OrderId, record::InvoiceRecord};

use crate::{
    Store, StoreError, Update,
    driver::{Value, text},
    rows::{self, INVOICE},
};

impl Store {
    /// The invoice of an order, if its shopper asked for one.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn invoice(&self, id: &OrderId) -> Result<Option<InvoiceRecord>, StoreError> {
        let sql = format!("SELECT {INVOICE} FROM invoices WHERE order_id = $1");
        self.select(sql, &[id.as_str()]).await?.first().map(rows::invoice).transpose()
    }

    /// Stores what a shopper asks for, unless the invoice is issued. Answers whether it did.
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
        self.change_one("writing an invoice", Update::new(sql, values)).await
    }
}

impl Update {
    /// Marks an invoice as issued, if it is still the one that was asked for at `asked_ms`, ms.
    #[must_use]
    pub fn issue_invoice(id: &OrderId, asked_ms: i64, who: &str, now_ms: i64) -> Self {
        let sql = "UPDATE invoices SET issued_ms = $1, who = $2 WHERE order_id = $3 AND asked_ms = $4 AND issued_ms IS NULL";
        Self::new(sql, [Value::Number(now_ms), text(who), text(id), Value::Number(asked_ms)])
    }
}
