use crate::audit::AuditAction;

/// An action of staff or of another program that is not part of an order's events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its own number.
    pub id: String,
    /// When, ms.
    pub at_ms: i64,
    /// The name of the staff member or the program.
    pub who: String,
    /// The action.
    pub what: AuditAction,
    /// Details, in English.
    pub detail: String,
}
