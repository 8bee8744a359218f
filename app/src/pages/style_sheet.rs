use std::sync::Arc;

/// The style sheet. It is small, so each page contains it: the browser needs one request less before it paints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StyleSheet(Arc<str>);

impl StyleSheet {
    /// From the text of the CSS file.
    #[must_use]
    pub fn new(css: &str) -> Self {
        Self(css.into())
    }

    pub(crate) fn css(&self) -> &str {
        &self.0
    }
}
