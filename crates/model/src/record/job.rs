/// A job: work that a server does later.
#[derive(Clone, Debug)]
pub struct JobRecord {
    /// Kind and subject: the same job twice is one row.
    pub id: String,
    /// A word of [`JobKind`](crate::job::JobKind), or of a newer version.
    pub kind: String,
    /// What it is about.
    pub subject: String,
    /// The earliest time to run it, ms.
    pub run_ms: i64,
    /// How often a server began it.
    pub tries: i64,
}
