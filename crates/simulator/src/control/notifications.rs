//! Faults in the delivery of notifications.

use axum::{Json, body::Bytes, extract::State};

use super::input::{ControlError, read};
use crate::{
    app_state::SharedState,
    notify::{DeliveryFaults, release_held},
};

const ACCEPTED: &str = "{} to clear, or {\"drop\"?: true | N times | 0.5 (a probability), \"duplicate\"?: copies, \
    \"delay_s\"?: seconds, \"reorder\"?: how many are held back, \"tamper\"?: T | {\"kind\": T, \"times\": N}} with T \
    one of sign, no_sign, no_return_code, total_fee, out_trade_no, doctype, entity, duplicate_field, truncate, \
    oversize, empty, not_xml, signtest, unknown_serial, stale_time, future_time (these do not verify), signed_total_fee, signed_appid, signed_mch_id, \
    signed_fee_type, signed_unknown_order, signed_transaction_id (these verify, but do not fit)";

pub(super) async fn show(State(app): State<SharedState>) -> Json<DeliveryFaults> {
    Json(app.database().delivery_faults.clone())
}

pub(super) async fn set(
    State(app): State<SharedState>,
    body: Bytes,
) -> Result<Json<DeliveryFaults>, ControlError> {
    let faults: DeliveryFaults = read(&body, ACCEPTED)?;
    if faults.delay_s.is_some_and(|delay| delay < 0) {
        return Err(ControlError::bad("delay_s must not be negative", ACCEPTED));
    }
    let mut db = app.database_mut();
    db.delivery_faults = faults.clone();
    if faults.reorder.is_none() {
        release_held(&mut db, app.clock.now());
    }
    drop(db);
    app.delivery_wakeup.notify_one();
    Ok(Json(faults))
}
