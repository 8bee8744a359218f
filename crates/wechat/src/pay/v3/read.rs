use crate::{json::JsonError, pay::v2::InvalidField};

/// Why a text is not the JSON of an order or a refund.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// Not the documented JSON.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// One of the fields that it must have is missing or has not its form.
    #[error(transparent)]
    Field(#[from] InvalidField),
}
