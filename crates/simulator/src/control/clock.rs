//! The simulator's time.

use axum::{Json, body::Bytes, extract::State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::input::{ControlError, read};
use crate::{
    clock::{SECOND, rfc3339},
    world::Shared,
};

const ACCEPTED: &str = "{\"advance_s\": N}, N from 0 to 315360000 (ten years)";

/// Ten years.
const FARTHEST: i64 = 315_360_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_s: i64,
}

pub(super) async fn show(State(world): State<Shared>) -> Json<Value> {
    let clock = &world.clock;
    Json(json!({ "now": rfc3339(clock.now()), "ahead_s": clock.ahead() / SECOND }))
}

pub(super) async fn advance(State(world): State<Shared>, body: Bytes) -> Result<Json<Value>, ControlError> {
    let Advance { advance_s } = read(&body, ACCEPTED)?;
    if !(0..=FARTHEST).contains(&advance_s) {
        return Err(ControlError::bad("time goes forwards, ten years at most", ACCEPTED));
    }
    world.clock.advance(advance_s * SECOND);
    world.changed.notify_one();
    world.courier.notify_one();
    Ok(show(State(world)).await)
}
