use crate::audit::AuditAction;

/// A row of the audit log: an action of staff or of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// 32 random hexadecimal digits.
    pub id: String,
    /// When it happened, ms.
    pub at_ms: i64,
    /// The name of the staff member or the program.
    pub who: String,
    /// The action.
    pub what: AuditAction,
    /// Details; may be empty.
    pub detail: String,
}
