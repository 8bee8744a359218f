use std::sync::Arc;

/// The common style sheet: its text, and its path on the server. A shared page contains the text, so that the browser
/// needs one request less before it shows the first page. The other pages link to the file, which the browser has
/// fetched by then.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StyleSheet {
    css: Arc<str>,
    path: Arc<str>,
}

impl StyleSheet {
    /// Wraps the text of the CSS file and its path on the server, such as `/pkg/xiaodian.HASH.css`.
    #[must_use]
    pub fn new(css: &str, path: &str) -> Self {
        Self { css: css.into(), path: path.into() }
    }

    pub(crate) fn css(&self) -> &str {
        &self.css
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }
}
