//! The shopper's thumb, without a page.

use axum::{Json, body::Bytes, extract::State, http::StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::input::{ControlError, read};
use crate::{
    pay::{NotPayable, TradeState, combined_key, decline, pay as pay_order},
    world::Shared,
};

const ACCEPTED: &str = "{\"out_trade_no\" | \"prepay_id\" | \"code_url\" | \"mweb_url\" | \
    \"combine_out_trade_no\": \"…\", \
    \"outcome\": \"ok\"|\"cancel\"|\"fail\", \"openid\"?: \"…\", \"coupon_fee\"?: fen}";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Thumb {
    out_trade_no: Option<String>,
    prepay_id: Option<String>,
    code_url: Option<String>,
    mweb_url: Option<String>,
    combine_out_trade_no: Option<String>,
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

pub(super) async fn pay(State(world): State<Shared>, body: Bytes) -> Result<Json<Value>, ControlError> {
    let thumb: Thumb = read(&body, ACCEPTED)?;
    let combined = thumb.combine_out_trade_no.map(|number| combined_key(&number));
    let names = [thumb.out_trade_no, thumb.prepay_id, thumb.code_url, thumb.mweb_url, combined];
    let mut names = names.into_iter().flatten();
    let (Some(name), None) = (names.next(), names.next()) else {
        return Err(ControlError::bad("name the order once", ACCEPTED));
    };
    let known = world.look().order_named(&name).map(|order| order.shops_number().to_owned());
    let out_trade_no = known.ok_or_else(|| refusal(NotPayable::Unknown, &name))?;
    match thumb.outcome {
        Outcome::Ok => {
            let transaction_id = pay_order(&world, &name, thumb.openid.as_deref(), thumb.coupon_fee)
                .map_err(|why| refusal(why, &name))?;
            Ok(Json(
                json!({ "out_trade_no": out_trade_no, "trade_state": "SUCCESS", "transaction_id": transaction_id }),
            ))
        }
        // the shopper may try again, but where a till waits for the password
        Outcome::Cancel | Outcome::Fail => {
            let state = decline(&world, &name).map(TradeState::as_str);
            Ok(Json(json!({ "out_trade_no": out_trade_no, "trade_state": state })))
        }
    }
}

fn refusal(why: NotPayable, name: &str) -> ControlError {
    let status = match why {
        NotPayable::Unknown => StatusCode::NOT_FOUND,
        NotPayable::Coupon => StatusCode::BAD_REQUEST,
        NotPayable::Paid | NotPayable::Closed | NotPayable::OtherPayer => StatusCode::CONFLICT,
    };
    ControlError::new(status, format!("{name}: {}", why.message()))
}
