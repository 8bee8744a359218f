//! Reads the input of a control, and reports input that it does not understand.

use axum::{
    Json,
    body::Bytes,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::de::DeserializeOwned;
use serde_json::json;

/// A refusal: `{"error": "…"}`, with `accepted` if the input was not understood.
#[derive(Debug)]
pub(super) struct ControlError {
    status: StatusCode,
    error: String,
    accepted: Option<&'static str>,
}

impl ControlError {
    pub(super) fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self { status, error: error.into(), accepted: None }
    }

    pub(super) fn bad(error: impl Into<String>, accepted: &'static str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error: error.into(), accepted: Some(accepted) }
    }
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        let body = match self.accepted {
            Some(accepted) => json!({ "error": self.error, "accepted": accepted }),
            None => json!({ "error": self.error }),
        };
        (self.status, Json(body)).into_response()
    }
}

/// Reads JSON with any Content-Type.
pub(super) fn read<T: DeserializeOwned>(body: &Bytes, accepted: &'static str) -> Result<T, ControlError> {
    serde_json::from_slice(body).map_err(|error| ControlError::bad(error.to_string(), accepted))
}
