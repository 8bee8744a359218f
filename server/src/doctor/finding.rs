use std::fmt;

/// What one check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub check: &'static str,
    /// Whether it is well.
    pub verdict: Verdict,
    /// What was seen; no secret.
    pub what: String,
    /// What to do about it, with the page to open; empty where it is well.
    pub remedy: String,
}

/// Whether something is well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is.
    Ok,
    /// The shop runs, and somebody should look.
    Warning,
    /// Something does not work.
    Wrong,
}

impl Finding {
    pub(super) fn ok(check: &'static str, what: impl Into<String>) -> Self {
        Self { check, verdict: Verdict::Ok, what: what.into(), remedy: String::new() }
    }

    pub(super) fn warning(check: &'static str, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { check, verdict: Verdict::Warning, what: what.into(), remedy: remedy.into() }
    }

    pub(super) fn wrong(check: &'static str, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { check, verdict: Verdict::Wrong, what: what.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Finding {
    /// One line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.verdict {
            Verdict::Ok => "ok",
            Verdict::Warning => "warning",
            Verdict::Wrong => "wrong",
        };
        write!(f, "{verdict:<8}{}: {}", self.check, self.what.replace(['\r', '\n'], " "))?;
        if self.remedy.is_empty() { Ok(()) } else { write!(f, " → {}", self.remedy) }
    }
}
