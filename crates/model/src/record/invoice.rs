use crate::{OrderId, word::words};

words! {
    /// To whom an invoice is made out.
    InvoiceKind {
        /// A person.
        Person = "person",
        /// A company, which has a tax number.
        Company = "company",
    }
}

/// The invoice (发票) that a shopper asks for. An order has at most one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceRecord {
    /// The order.
    pub order_id: OrderId,
    /// To whom it is made out.
    pub kind: InvoiceKind,
    /// The name on it (抬头).
    pub title: String,
    /// The company's tax number (税号); empty for a person.
    pub tax_number: String,
    /// The e-mail address to which the shop sends it.
    pub email: String,
    /// When the shopper asked for it, or last changed it, ms.
    pub asked_ms: i64,
    /// When staff marked it as issued, ms; `None` before. An issued invoice does not change.
    pub issued_ms: Option<i64>,
    /// The staff member who marked it as issued; empty before.
    pub who: String,
}
