use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::say;

/// Shows on the terminal's standard error that a command is at work, and at what. Elsewhere nothing is shown.
pub(super) struct Progress(ProgressBar);

impl Progress {
    pub(super) fn begin(what: &str) -> Self {
        let bar = ProgressBar::new_spinner().with_message(what.to_owned());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Self(bar)
    }

    /// What it is at now.
    pub(super) fn at(&self, what: String) {
        self.0.set_message(what);
    }

    /// A line of the command's answer, meanwhile.
    pub(super) fn say(&self, line: &str) {
        self.0.suspend(|| say(line));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
