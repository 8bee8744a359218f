//! The API for the merchant's own programs: read an order and refund it.

use axum::{
    Json,
    extract::{FromRequestParts, Path, State, rejection::JsonRejection},
    http::request::Parts,
    response::Response,
};
use model::{Fen, OrderId, record::RefundRecord};
use serde::Deserialize;
use serde_json::{Value, json};
use shop::{RefundRequest, ShopError};

use super::{bearer, miniprogram_after_sales::after_sale_json};
use crate::{response, state::AppState};

/// A program of `SHOP_ADMIN_CLIENTS`, identified by its key. This reads no cookie.
pub(super) struct Admin(String);

impl FromRequestParts<AppState> for Admin {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        match bearer(&parts.headers).and_then(|key| state.admin_clients.name_of(key)) {
            Some(name) => Ok(Self(name.to_owned())),
            None => Err(response::refusal(&ShopError::UnknownProgram)),
        }
    }
}

/// `GET /api/admin/orders/{id}`: an order with its attempts and refunds. Amounts are in fen, times in milliseconds
/// since 1970.
pub(super) async fn order(State(state): State<AppState>, _: Admin, Path(id): Path<String>) -> Response {
    match find(&state, &id).await {
        Ok(order) => response::data(order),
        Err(error) => response::refusal(&error),
    }
}

async fn find(state: &AppState, id: &str) -> Result<Value, ShopError> {
    let id: OrderId = id.parse().map_err(|_| ShopError::NotFound)?;
    let store = state.shop.store();
    let order = store.order(&id).await?.ok_or(ShopError::NotFound)?;
    let attempts: Vec<_> = store
        .attempts_of(&id)
        .await?
        .into_iter()
        .map(|attempt| {
            json!({
                "out_trade_no": attempt.out_trade_no.as_str(),
                "state": attempt.state.as_str(),
                "api": attempt.api.as_str(),
                "sign_type": attempt.api.sign_type(),
                "appid": attempt.appid,
                "mch_id": attempt.mch_id,
                "transaction_id": attempt.transaction_id.as_ref().map(ToString::to_string),
                "total_fee": attempt.total_fee.0,
                "balance_fee": attempt.balance_fee.0,
                "payer_total": attempt.payer_total.map(|fee| fee.0),
                "refunded": attempt.refunded.0,
                "refunding": attempt.refunding.0,
                "refunds_unknown": attempt.refunds_unknown,
            })
        })
        .collect();
    let refunds: Vec<_> = store.refunds_of(&id).await?.iter().map(refund_json).collect();
    let after_sales: Vec<_> = store.after_sales_of(&id).await?.iter().map(after_sale_json).collect();
    Ok(json!({
        "id": order.id.as_str(),
        "kind": order.kind.as_str(),
        "state": order.state.as_str(),
        "total_fee": order.total_fee.0,
        "freight_fee": order.freight_fee.0,
        "reduction_fee": order.reduction_fee.0,
        "balance_fee": order.balance_fee.0,
        "created_ms": order.created_ms,
        "paid_ms": order.paid_ms,
        "attempts": attempts,
        "refunds": refunds,
        "after_sales": after_sales,
    }))
}

fn refund_json(refund: &RefundRecord) -> Value {
    json!({
        "out_refund_no": refund.out_refund_no.as_str(),
        "out_trade_no": refund.out_trade_no.as_str(),
        "refund_id": refund.refund_id,
        "state": refund.state.as_str(),
        "refund_fee": refund.refund_fee.0,
        "balance_fee": refund.balance_fee.0,
        "reason": refund.reason,
        "who": refund.who,
        "last_error": refund.last_error,
        "restock": refund.restock,
    })
}

#[derive(Deserialize)]
pub(super) struct Refund {
    /// The amount in fen. `None` means everything that is left.
    refund_fee: Option<i64>,
    reason: String,
    out_refund_no: Option<String>,
    /// The payment to refund. `None` means the payment that paid the order.
    out_trade_no: Option<String>,
    /// Whether the pieces return to the stock when the refund succeeds.
    #[serde(default)]
    restock: bool,
}

/// `POST /api/admin/orders/{id}/refunds`: refunds an order. The JSON has `reason`, and optionally `refund_fee`,
/// `out_refund_no`, `out_trade_no` and `restock`.
pub(super) async fn refund(
    State(state): State<AppState>,
    Admin(who): Admin,
    Path(id): Path<String>,
    body: Result<Json<Refund>, JsonRejection>,
) -> Response {
    let asked = match body.map(|Json(refund)| ask(refund, who)) {
        Ok(Ok(asked)) => asked,
        Ok(Err(error)) => return response::refusal(&error),
        Err(_) => {
            let form = "the body is JSON with reason, and where wanted refund_fee in fen, out_refund_no, out_trade_no and restock";
            return response::refusal(&ShopError::BadRequest(form));
        }
    };
    let Ok(id) = id.parse::<OrderId>() else { return response::refusal(&ShopError::NotFound) };
    match state.shop.refunds().refund(&id, asked).await {
        Ok(refund) => response::data(refund_json(&refund)),
        Err(error) => response::refusal(&error),
    }
}

fn ask(refund: Refund, who: String) -> Result<RefundRequest, ShopError> {
    let out_refund_no = refund.out_refund_no.map(|number| number.parse()).transpose();
    let out_trade_no = refund.out_trade_no.map(|number| number.parse()).transpose();
    Ok(RefundRequest {
        out_trade_no: out_trade_no.map_err(|_| ShopError::BadRequest("out_trade_no has not its form"))?,
        restock: refund.restock,
        fee: refund.refund_fee.map(Fen),
        reason: refund.reason,
        who,
        out_refund_no: out_refund_no.map_err(|_| ShopError::BadRequest("out_refund_no has not its form"))?,
    })
}
