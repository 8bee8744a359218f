//! Complaints of shoppers.

use axum::{Json, body::Bytes, extract::State, http::StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::input::{ControlError, read};
use crate::{
    app_state::SharedState,
    clock::rfc3339,
    complaints::{NewComplaint, ProblemType, ShopperAction, act, complain},
};

const ACCEPTED: &str = "{\"out_trade_no\": \"…\" (a paid order), \"detail\"?: \"…\", \"problem_type\"?: \
    \"REFUND\"|\"SERVICE_NOT_WORK\"|\"OTHERS\", \"apply_refund_amount\"?: fen, \"pictures\"?: 0 to 4, \"mch_id\"?: \"…\"} for a new \
    complaint, or {\"complaint_id\": \"…\", \"action\": \"respond\"|\"continue\"|\"confirm\", \"text\"?: \"…\"} for one that exists";

#[derive(Deserialize)]
#[serde(untagged)]
enum ComplaintControl {
    Action(Action),
    New(New),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Action {
    complaint_id: String,
    action: ShopperAction,
    #[serde(default)]
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    out_trade_no: String,
    #[serde(default = "detail")]
    detail: String,
    #[serde(default)]
    problem_type: ProblemType,
    apply_refund_amount: Option<i64>,
    #[serde(default)]
    pictures: usize,
    mch_id: Option<String>,
}

fn detail() -> String {
    "收到的商品和描述不一致".to_owned()
}

pub(super) async fn complaint(
    State(app): State<SharedState>,
    body: Bytes,
) -> Result<Json<Value>, ControlError> {
    match read(&body, ACCEPTED)? {
        ComplaintControl::Action(Action { complaint_id, action, text }) => {
            act(&app, &complaint_id, action, &text).map_err(|why| conflict(&complaint_id, why))?;
            Ok(Json(json!({ "complaint_id": complaint_id })))
        }
        ComplaintControl::New(new) => {
            let number = new.out_trade_no;
            let key = app.database().order_named(&number, new.mch_id.as_deref()).map(crate::pay::Order::key);
            let key = key.ok_or_else(|| {
                ControlError::new(StatusCode::NOT_FOUND, format!("{number}: no such order"))
            })?;
            let complaint = NewComplaint {
                detail: new.detail,
                problem_type: new.problem_type,
                apply_refund_amount: new.apply_refund_amount,
                pictures: new.pictures,
            };
            let id = complain(&app, &key, complaint).map_err(|why| conflict(&number, why))?;
            Ok(Json(json!({ "complaint_id": id, "out_trade_no": number })))
        }
    }
}

fn conflict(about: &str, why: &str) -> ControlError {
    ControlError::new(StatusCode::CONFLICT, format!("{about}: {why}"))
}

/// All complaints with their negotiation, and the addresses of their notifications.
pub(super) async fn list(State(app): State<SharedState>) -> Json<Value> {
    let now = app.clock.now();
    let db = app.database();
    let rows: Vec<Value> = db
        .complaints
        .values()
        .map(|each| {
            let order = db.orders.get(&each.order);
            let history: Vec<Value> = each
                .history
                .iter()
                .map(|entry| json!({ "at": rfc3339(entry.at), "kind": entry.kind.as_str(), "text": entry.text }))
                .collect();
            json!({
                "complaint_id": each.complaint_id,
                "mch_id": each.mch_id,
                "out_trade_no": order.map(|order| &order.out_trade_no),
                "complaint_state": each.state(order, now).as_str(),
                "problem_type": each.problem_type.as_str(),
                "detail": each.detail,
                "history": history,
            })
        })
        .collect();
    Json(json!({ "complaints": rows, "notification_urls": db.complaint_urls }))
}
