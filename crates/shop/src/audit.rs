//! Writes the audit log: what staff and programs did. The history of an order is in its events.

use std::sync::Arc;

use model::{audit::AuditAction, record::AuditRecord};
use store::{Command, ReadSet, Store, UnitOfWork};

use crate::{Clock, Ids, ShopError, ids::nonce};

/// Creates and writes rows of the audit log.
#[derive(Clone)]
pub(crate) struct Audit {
    store: Store,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl Audit {
    pub(crate) fn new(store: &Store, clock: &Arc<dyn Clock>, ids: &Arc<dyn Ids>) -> Self {
        Self { store: store.clone(), clock: Arc::clone(clock), ids: Arc::clone(ids) }
    }

    /// A row with a new id and the current time. The caller writes it in the transaction of the change.
    pub(crate) fn record(&self, who: &str, what: AuditAction, detail: impl Into<String>) -> AuditRecord {
        AuditRecord {
            id: nonce(&*self.ids),
            at_ms: self.clock.now_ms(),
            who: who.to_owned(),
            what,
            detail: detail.into(),
        }
    }

    /// Writes the row of an action that changes nothing else in the database.
    pub(crate) async fn write(
        &self,
        who: &str,
        what: AuditAction,
        detail: impl Into<String>,
    ) -> Result<(), ShopError> {
        Ok(self.store.write(RecordAudit(self.record(who, what, detail))).await?)
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
