//! Returns to the state of the start.

use axum::{Json, extract::State};
use serde_json::{Value, json};

use crate::app_state::SharedState;

/// Forgets everything except the keys, so that the configuration of a shop stays valid.
pub(super) async fn reset(State(app): State<SharedState>) -> Json<Value> {
    app.reset();
    Json(json!({ "reset": true }))
}
