//! Sends the notifications of an order again.

use axum::{Json, body::Bytes, extract::State, http::StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::input::{ControlError, read};
use crate::{
    app_state::SharedState,
    notify::{Tamper, resend as send_again},
};

const ACCEPTED: &str = "{\"out_trade_no\": \"…\", \"mch_id\"?: \"…\", \"kind\"?: \"payment\"|\"refund\"|\"complaint\", \"tamper\"?: one word of \
    POST /_simulator/notifications}";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResendRequest {
    out_trade_no: String,
    mch_id: Option<String>,
    kind: Option<Kind>,
    tamper: Option<Tamper>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Payment,
    Refund,
    Complaint,
}

pub(super) async fn resend(State(app): State<SharedState>, body: Bytes) -> Result<Json<Value>, ControlError> {
    let ResendRequest { out_trade_no, mch_id, kind, tamper } = read(&body, ACCEPTED)?;
    let kind = kind.map(|kind| match kind {
        Kind::Payment => "payment",
        Kind::Refund => "refund",
        Kind::Complaint => "complaint",
    });
    let named = (mch_id.as_deref(), out_trade_no.as_str());
    let sent = send_again(&mut app.database_mut(), named, kind, tamper, app.clock.now());
    app.delivery_wakeup.notify_one();
    match sent {
        0 => Err(ControlError::new(StatusCode::NOT_FOUND, format!("{out_trade_no}: no such notification"))),
        sent => Ok(Json(json!({ "out_trade_no": out_trade_no, "resent": sent }))),
    }
}
