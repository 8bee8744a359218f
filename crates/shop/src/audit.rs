//! Records what staff and other programs did, beside the events of orders.

use model::{audit::AuditAction, record::AuditRecord};
use store::{Command, ReadSet, UnitOfWork};

use crate::{Shop, ShopError, ids::nonce};

impl Shop {
    pub(crate) fn audit_record(
        &self,
        who: &str,
        what: AuditAction,
        detail: impl Into<String>,
    ) -> AuditRecord {
        AuditRecord {
            id: nonce(self.ids()),
            at_ms: self.clock().now_ms(),
            who: who.to_owned(),
            what,
            detail: detail.into(),
        }
    }

    /// Records an action that changes nothing else in the database.
    pub(crate) async fn audit(
        &self,
        who: &str,
        what: AuditAction,
        detail: impl Into<String>,
    ) -> Result<(), ShopError> {
        Ok(self.store().write(RecordAudit(self.audit_record(who, what, detail))).await?)
    }
}

struct RecordAudit(AuditRecord);

impl Command for RecordAudit {
    type Reply = ();

    fn reads(&self, _: &mut ReadSet) {}

    fn apply(&self, unit: &mut UnitOfWork) {
        unit.record_audit(self.0.clone());
    }
}
