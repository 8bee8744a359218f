use std::sync::Arc;

/// The database failed, or cannot be used. Nothing was written, unless the commit itself failed: then its outcome is
/// unknown.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the database failed while {context}: {source}")]
pub struct StoreError {
    context: &'static str,
    source: Arc<dyn std::error::Error + Send + Sync>,
}

impl StoreError {
    pub(crate) fn new(
        context: &'static str,
        error: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self { context, source: Arc::from(error.into()) }
    }

    pub(crate) fn configuration(message: &'static str) -> Self {
        Self::new("opening it", message)
    }

    /// For `map_err`: adds what the caller was doing.
    pub fn during<E: Into<Box<dyn std::error::Error + Send + Sync>>>(
        context: &'static str,
    ) -> impl FnOnce(E) -> Self {
        move |error| Self::new(context, error)
    }
}
