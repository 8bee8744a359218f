//! `POST /v3/pay/transactions/codepay` and `…/out-trade-no/{…}/reverse`: payment by code
//! (pay.weixin.qq.com/docs/merchant/apis/code-payment-v3, 2025-02). The error codes are those of V2.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde_json::json;

use super::{Answer, Request, V3Error, field_tables, order_query::transaction, prepay::check_merchant};
use crate::{
    app_state::AppState,
    pay::{ChargeError, Order, ReversalRefusal, charge, order_key, reverse as reverse_payment},
};

pub(super) fn pay(app: &AppState, request: &Request<'_>) -> Answer {
    let body = request.json(field_tables::CODEPAY)?;
    check_merchant(&body, request.merchant())?;
    let text = |name: &str| body[name].as_str().unwrap_or_default();
    let order = Order {
        device_info: body["scene_info"]["device_id"].as_str().map(str::to_owned),
        attach: body["attach"].as_str().map(str::to_owned),
        request: BTreeMap::from([("body".to_owned(), body.to_string())]),
        ..Order::by_code(
            app,
            (request.mch_id(), text("appid")),
            text("out_trade_no"),
            body["amount"]["total"].as_i64().unwrap_or_default(),
            text("description"),
            "RSA",
        )
    };
    let auth_code = body["payer"]["auth_code"].as_str().unwrap_or_default();
    let (order, _) = charge(app, order, auth_code).map_err(refusal)?;
    Ok(Some(transaction(&order, app.clock.now())))
}

fn refusal(why: ChargeError) -> V3Error {
    let status = match why {
        // the shopper may still pay
        ChargeError::Paying => StatusCode::ACCEPTED,
        ChargeError::NotConfirmed | ChargeError::NumberUsed => StatusCode::FORBIDDEN,
        _ => StatusCode::BAD_REQUEST,
    };
    V3Error::new(status, why.code(), why.message(), 268_435_464)
}

pub(super) fn reverse(app: &AppState, out_trade_no: &str, request: &Request<'_>) -> Answer {
    let body = request.json(field_tables::REVERSE)?;
    check_merchant(&body, request.merchant())?;
    let known = app.database().order(request.mch_id(), out_trade_no).map(|order| order.appid.clone());
    if known.is_none_or(|appid| body["appid"] != appid.as_str()) {
        return Err(V3Error::no_order());
    }
    reverse_payment(app, &order_key(request.mch_id(), out_trade_no)).map_err(|why| match why {
        ReversalRefusal::Unknown => V3Error::no_order(),
        _ => V3Error::new(StatusCode::BAD_REQUEST, why.code(), why.message(), 268_435_464),
    })?;
    Ok(Some(json!({ "appid": body["appid"], "mchid": body["mchid"], "out_trade_no": out_trade_no })))
}
