//! Acts as the shopper on the payment sheet.

use axum::{Json, body::Bytes, extract::State, http::StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::input::{ControlError, read};
use crate::{
    app_state::SharedState,
    pay::{PaymentRefusal, TradeState, combined_number, decline, pay as pay_order},
};

const ACCEPTED: &str = "{\"out_trade_no\" | \"prepay_id\" | \"code_url\" | \"mweb_url\" | \
    \"combine_out_trade_no\": \"…\", \"mch_id\"?: \"…\", \
    \"outcome\": \"ok\"|\"cancel\"|\"fail\", \"openid\"?: \"…\", \"coupon_fee\"?: fen}";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PayRequest {
    out_trade_no: Option<String>,
    prepay_id: Option<String>,
    code_url: Option<String>,
    mweb_url: Option<String>,
    combine_out_trade_no: Option<String>,
    mch_id: Option<String>,
    openid: Option<String>,
    coupon_fee: Option<i64>,
    outcome: Outcome,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Ok,
    Cancel,
    Fail,
}

pub(super) async fn pay(State(app): State<SharedState>, body: Bytes) -> Result<Json<Value>, ControlError> {
    let request: PayRequest = read(&body, ACCEPTED)?;
    let combined = request.combine_out_trade_no.map(|number| combined_number(&number));
    let names = [request.out_trade_no, request.prepay_id, request.code_url, request.mweb_url, combined];
    let mut names = names.into_iter().flatten();
    let (Some(name), None) = (names.next(), names.next()) else {
        return Err(ControlError::bad("give exactly one number or id of the order", ACCEPTED));
    };
    let known = {
        let db = app.database();
        let order = db.order_named(&name, request.mch_id.as_deref());
        order.map(|order| (order.key(), order.shops_number().to_owned()))
    };
    let (key, out_trade_no) = known.ok_or_else(|| refusal(PaymentRefusal::Unknown, &name))?;
    match request.outcome {
        Outcome::Ok => {
            let transaction_id = pay_order(&app, &key, request.openid.as_deref(), request.coupon_fee)
                .map_err(|why| refusal(why, &name))?;
            Ok(Json(
                json!({ "out_trade_no": out_trade_no, "trade_state": "SUCCESS", "transaction_id": transaction_id }),
            ))
        }
        // the shopper may try again, except if a till waits for the password
        Outcome::Cancel | Outcome::Fail => {
            let state = decline(&app, &key, request.openid.as_deref()).map(TradeState::as_str);
            Ok(Json(json!({ "out_trade_no": out_trade_no, "trade_state": state })))
        }
    }
}

fn refusal(why: PaymentRefusal, name: &str) -> ControlError {
    let status = match why {
        PaymentRefusal::Unknown => StatusCode::NOT_FOUND,
        PaymentRefusal::Coupon => StatusCode::BAD_REQUEST,
        PaymentRefusal::Paid
        | PaymentRefusal::Closed
        | PaymentRefusal::OtherPayer
        | PaymentRefusal::OpenedByOther => StatusCode::CONFLICT,
    };
    ControlError::new(status, format!("{name}: {}", why.message()))
}
