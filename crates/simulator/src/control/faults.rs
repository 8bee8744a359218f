//! Planned faults.

use axum::{Json, body::Bytes, extract::State};
use serde_json::{Value, json};

use super::input::{ControlError, read};
use crate::{
    app_state::SharedState,
    faults::{ENDPOINTS, Fault, endpoint_of},
};

const ACCEPTED: &str = "{} to clear, or {\"endpoint\": \"*\" or one of the endpoints that GET /_simulator/faults lists (or the path), \"kind\": refuse | delay | timeout_before | timeout_after | \
    hang_up_after | http_500 | http_502 | system_error | system_error_after | error | unsigned_error (payment endpoints only) | http_status | wrong_signature | \
    unknown_serial | stale_time | future_time | signtest (V3 only) | wrong_hash (of a bill) | same_code (authorize only) | truncated_body | callback_never, \"times\"?: N, \"probability\"?: 0..1, \"seconds\"?: N, \"status\"?: 300..599 (of http_status), \"code\"?: \"…\", \
    \"message\"?: \"…\"}";

pub(super) async fn list(State(app): State<SharedState>) -> Json<Value> {
    Json(json!({ "faults": app.database().faults.0, "endpoints": ENDPOINTS }))
}

pub(super) async fn add(State(app): State<SharedState>, body: Bytes) -> Result<Json<Value>, ControlError> {
    let body_json: Value = read(&body, ACCEPTED)?;
    if body_json.as_object().is_some_and(serde_json::Map::is_empty) {
        app.database().faults.0.clear();
        return Ok(list(State(app)).await);
    }
    let mut fault: Fault = read(&body, ACCEPTED)?;
    if !ENDPOINTS.contains(&fault.endpoint.as_str()) {
        fault.endpoint = endpoint_of(&fault.endpoint).to_owned();
    }
    fault.check().map_err(|why| ControlError::bad(why, ACCEPTED))?;
    app.database().faults.0.push(fault);
    Ok(list(State(app)).await)
}
