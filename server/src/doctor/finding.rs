use std::fmt;

/// The result of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The name of the check.
    pub check: &'static str,
    /// The level of the result.
    pub verdict: Verdict,
    /// What the check found, without a secret.
    pub observation: String,
    /// What to do, with the page to open; empty for [`Verdict::Ok`].
    pub remedy: String,
}

/// The level of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing to do.
    Ok,
    /// The shop works, but the operator should look at this.
    Warning,
    /// Something does not work.
    Wrong,
}

impl Finding {
    pub(super) fn ok(check: &'static str, observation: impl Into<String>) -> Self {
        Self { check, verdict: Verdict::Ok, observation: observation.into(), remedy: String::new() }
    }

    pub(super) fn warning(
        check: &'static str,
        observation: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self { check, verdict: Verdict::Warning, observation: observation.into(), remedy: remedy.into() }
    }

    pub(super) fn wrong(
        check: &'static str,
        observation: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self { check, verdict: Verdict::Wrong, observation: observation.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Finding {
    /// Writes the result as one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.verdict {
            Verdict::Ok => "ok",
            Verdict::Warning => "warning",
            Verdict::Wrong => "wrong",
        };
        write!(f, "{verdict:<8}{}: {}", self.check, self.observation.replace(['\r', '\n'], " "))?;
        if self.remedy.is_empty() { Ok(()) } else { write!(f, " → {}", self.remedy) }
    }
}
