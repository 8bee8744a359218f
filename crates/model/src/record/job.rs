/// A job: work that a server does later.
#[derive(Clone, Debug)]
pub struct JobRecord {
    /// The kind, a colon and the subject. So the same job is one row.
    pub id: String,
    /// A word of [`JobKind`](crate::job::JobKind), or of a newer version.
    pub kind: String,
    /// What it is about: see [`JobKind`](crate::job::JobKind).
    pub subject: String,
    /// The earliest time to run it, ms.
    pub run_ms: i64,
    /// How often a server leased it.
    pub tries: i64,
}
