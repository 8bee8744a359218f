use std::fmt;

/// The result of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The checked thing.
    pub check: &'static str,
    /// Whether it is correct.
    pub verdict: Verdict,
    /// The observation, without a secret.
    pub what: String,
    /// What to do, with the page to open; empty if it is correct.
    pub remedy: String,
}

/// The level of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is correct.
    Ok,
    /// The shop works, and the operator should look at it.
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
