//! Refunds that are made in the merchant platform, and the outcome of future refunds.

use axum::{Json, body::Bytes, extract::State, http::StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::input::{ControlError, read};
use crate::{
    account::PlatformRefundNotice,
    app_state::{AppState, SharedState},
    clock::SECOND,
    pay::{Outcome, Outcomes, RefundParams, RefundRefusal, Source, accept_refund},
    random,
};

const ACCEPTED: &str = "{\"outcome\": \"success\"|\"closed\"|\"abnormal\", \"times\"?: N, \"after_s\"?: seconds} for \
    future refunds, or {\"out_trade_no\": \"…\", \"refund_fee\": fen, \"mch_id\"?: \"…\", \"reason\"?: \"…\"} for one made in the \
    merchant platform";

#[derive(Deserialize)]
#[serde(untagged)]
enum RefundControl {
    Outcome(NextOutcome),
    Refund(PlatformRefund),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NextOutcome {
    outcome: Outcome,
    times: Option<u32>,
    after_s: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlatformRefund {
    out_trade_no: String,
    refund_fee: i64,
    mch_id: Option<String>,
    reason: Option<String>,
}

pub(super) async fn refund(State(app): State<SharedState>, body: Bytes) -> Result<Json<Value>, ControlError> {
    match read(&body, ACCEPTED)? {
        RefundControl::Outcome(NextOutcome { times: Some(0), .. }) => {
            Err(ControlError::bad("times must be at least 1", ACCEPTED))
        }
        RefundControl::Outcome(NextOutcome { outcome, times, after_s }) => {
            let after = after_s.map(|after| i64::from(after) * SECOND);
            app.database().refund_outcomes = Outcomes { outcome, times, after };
            Ok(Json(json!({ "outcome": outcome, "times": times, "after_s": after_s })))
        }
        RefundControl::Refund(refund) if refund.refund_fee < 1 => {
            Err(ControlError::bad("refund_fee must be at least 1", ACCEPTED))
        }
        RefundControl::Refund(refund) => refund_in_platform(&app, refund),
    }
}

fn refund_in_platform(app: &AppState, asked: PlatformRefund) -> Result<Json<Value>, ControlError> {
    let out_trade_no = asked.out_trade_no;
    let known = app
        .database()
        .order_named(&out_trade_no, asked.mch_id.as_deref())
        .map(|order| (order.key(), order.total_fee, order.is_v3()));
    let (key, total_fee, is_v3) = known
        .ok_or_else(|| ControlError::new(StatusCode::NOT_FOUND, format!("{out_trade_no}: no such order")))?;
    // the order stays an order of V3; only the notification has V2's form
    let notify_v3 = is_v3 && app.settings().platform_refund_notice == PlatformRefundNotice::Follow;
    let params = RefundParams {
        out_refund_no: random::digits(28),
        refund_fee: asked.refund_fee,
        total_fee,
        account: "REFUND_SOURCE_UNSETTLED_FUNDS".to_owned(),
        reason: asked.reason,
        notify_url: None,
        source: Source::VendorPlatform,
        v3: notify_v3,
        reversal: false,
        outcome: None,
    };
    let refund = accept_refund(app, &key, params).map_err(|why: RefundRefusal| {
        ControlError::new(StatusCode::CONFLICT, format!("{out_trade_no}: {}", why.message()))
    })?;
    Ok(Json(json!({
        "out_trade_no": out_trade_no,
        "out_refund_no": refund.out_refund_no,
        "refund_id": refund.refund_id,
        "refund_status": "PROCESSING",
    })))
}
