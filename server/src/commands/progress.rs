use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::say;

/// Shows the progress of a command on standard error, if standard error is a terminal.
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

    /// Shows the current step.
    pub(super) fn set_step(&self, what: String) {
        self.0.set_message(what);
    }

    /// Prints a line of the command's result between two steps.
    pub(super) fn say(&self, line: &str) {
        self.0.suspend(|| say(line));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
