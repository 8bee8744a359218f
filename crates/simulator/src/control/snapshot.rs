//! All data of the simulator as one JSON text, to return to it later.

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::input::{ControlError, read};
use crate::{app_state::SharedState, database::Database};

const ACCEPTED: &str = "an answer of GET /_simulator/snapshot";

/// The same text as the file of `--state`.
pub(super) async fn show(State(app): State<SharedState>) -> Result<Response, ControlError> {
    let mut db = app.database();
    db.clock_ahead = app.clock.ahead();
    db.shop_clock_ahead = app.clock.shop_ahead();
    let text = serde_json::to_vec(&*db)
        .map_err(|error| ControlError::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    Ok(([(header::CONTENT_TYPE, "application/json")], text).into_response())
}

/// Replaces all data. A snapshot of another account is refused, because the listeners use the keys.
pub(super) async fn restore(
    State(app): State<SharedState>,
    body: Bytes,
) -> Result<Json<Value>, ControlError> {
    let snapshot: Database = read(&body, ACCEPTED)?;
    if !app.restore(snapshot) {
        let error = "the snapshot has other keys than this simulator";
        return Err(ControlError::new(StatusCode::CONFLICT, error));
    }
    Ok(Json(json!({ "restored": true })))
}
