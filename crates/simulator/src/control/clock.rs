//! The simulator's clock.

use axum::{Json, body::Bytes, extract::State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::input::{ControlError, read};
use crate::{
    app_state::SharedState,
    clock::{SECOND, rfc3339},
};

const ACCEPTED: &str = "{\"advance_s\": N, \"shop\"?: true to move the shop of `make run` too}, N from 0 to 315360000 (ten years)";

/// The farthest move of the clock, in seconds: ten years.
const FARTHEST: i64 = 315_360_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_s: i64,
    #[serde(default)]
    shop: bool,
}

pub(super) async fn show(State(app): State<SharedState>) -> Json<Value> {
    let clock = &app.clock;
    Json(json!({
        "now": rfc3339(clock.now()),
        "ahead_s": clock.ahead() / SECOND,
        "shop_ahead_s": clock.shop_ahead() / SECOND,
    }))
}

pub(super) async fn advance(
    State(app): State<SharedState>,
    body: Bytes,
) -> Result<Json<Value>, ControlError> {
    let Advance { advance_s, shop } = read(&body, ACCEPTED)?;
    if !(0..=FARTHEST).contains(&advance_s) {
        return Err(ControlError::bad("the clock moves forward, at most ten years", ACCEPTED));
    }
    app.clock.advance(advance_s * SECOND);
    if shop {
        app.clock.set_shop_ahead();
    }
    app.changed.notify_one();
    app.delivery_wakeup.notify_one();
    Ok(show(State(app)).await)
}
