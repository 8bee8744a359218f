//! Who did what, beside the orders' own events.

use crate::{
    Shop, ShopError,
    ids::nonce,
    store::{Books, Command, Needs, rows::AuditRow},
};

impl Shop {
    pub(crate) fn audit_row(&self, who: &str, what: &str, detail: impl Into<String>) -> AuditRow {
        AuditRow {
            id: nonce(self.ids()),
            at_ms: self.clock().now_ms(),
            who: who.to_owned(),
            what: what.to_owned(),
            detail: detail.into(),
        }
    }

    /// Writes down that something was done, where nothing else is written with it.
    pub(crate) async fn audit(
        &self,
        who: &str,
        what: &str,
        detail: impl Into<String>,
    ) -> Result<(), ShopError> {
        Ok(self.store().writer.write(Audit(self.audit_row(who, what, detail))).await?)
    }
}

struct Audit(AuditRow);

impl Command for Audit {
    type Reply = ();

    fn needs(&self, _: &mut Needs) {}

    fn apply(&self, books: &mut Books) {
        books.audit(self.0.clone());
    }
}
