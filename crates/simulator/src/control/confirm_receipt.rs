//! The payer of a mini program's order confirms the receipt.

use axum::{Json, body::Bytes, extract::State, http::StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::input::{ControlError, read};
use crate::{app_state::SharedState, trade_management::confirm_receipt};

const ACCEPTED: &str = "{\"out_trade_no\": \"…\"}";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Confirmation {
    out_trade_no: String,
}

pub(super) async fn confirm(
    State(app): State<SharedState>,
    body: Bytes,
) -> Result<Json<Value>, ControlError> {
    let Confirmation { out_trade_no } = read(&body, ACCEPTED)?;
    let state = confirm_receipt(&app, &out_trade_no).ok_or_else(|| {
        ControlError::new(
            StatusCode::CONFLICT,
            "the order is not shipped, or its receipt is confirmed already",
        )
    })?;
    Ok(Json(json!({ "order_state": state })))
}
