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
    future refunds, or {\"out_trade_no\": \"…\", \"refund_fee\": fen, \"reason\"?: \"…\"} for one made in the \
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
        RefundControl::Refund(made) if made.refund_fee < 1 => {
            Err(ControlError::bad("refund_fee must be at least 1", ACCEPTED))
        }
        RefundControl::Refund(made) => make(&app, made),
    }
}

fn make(app: &AppState, made: PlatformRefund) -> Result<Json<Value>, ControlError> {
    let name = made.out_trade_no;
    let known = app.database().orders.get(&name).map(|order| (order.total_fee, order.is_v3()));
    let (total_fee, v3) =
        known.ok_or_else(|| ControlError::new(StatusCode::NOT_FOUND, format!("{name}: 订单不存在")))?;
    let v3 = v3 && app.settings().platform_refund_notice == PlatformRefundNotice::Follow;
    let params = RefundParams {
        out_refund_no: random::digits(28),
        refund_fee: made.refund_fee,
        total_fee,
        account: "REFUND_SOURCE_UNSETTLED_FUNDS".to_owned(),
        reason: made.reason,
        notify_url: None,
        source: Source::VendorPlatform,
        v3,
        reversal: false,
    };
    // the order stays an order of V3; only the notification has V2's form
    let refund = accept_refund(app, &name, params).map_err(|why: RefundRefusal| {
        ControlError::new(StatusCode::CONFLICT, format!("{name}: {}", why.message()))
    })?;
    Ok(Json(json!({
        "out_trade_no": name,
        "out_refund_no": refund.out_refund_no,
        "refund_id": refund.refund_id,
        "refund_status": "PROCESSING",
    })))
}
