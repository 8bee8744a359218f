//! Makes an event happen, with everything that it needs: the order, its payment, its refund.

use axum::{Json, body::Bytes, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::input::{ControlError, read};
use crate::{
    account::APPID,
    app_state::{AppState, SharedState},
    base_url::BaseUrl,
    pay::{self, Order, Outcome, RefundParams, Source, TradeState, accept_refund},
    random,
};

const ACCEPTED: &str = "{\"event\": order | payment | close | refund | refund-closed | refund-abnormal, \
    \"out_trade_no\"?: \"…\" (an order that exists or a new one), \"notify_url\"?: \"…\" (default: that of the newest \
    order, or the address of --shop), \"total_fee\"?: fen (of a new order, 100 by default), \"api\"?: \"v2\"|\"v3\"}";

/// The amount of a new order in fen.
const TOTAL_FEE: i64 = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TriggerRequest {
    event: Event,
    out_trade_no: Option<String>,
    notify_url: Option<String>,
    total_fee: Option<i64>,
    #[serde(default)]
    api: Api,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Event {
    /// An order that nobody has paid.
    Order,
    Payment,
    Close,
    Refund,
    RefundClosed,
    RefundAbnormal,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Api {
    V2,
    #[default]
    V3,
}

pub(super) async fn trigger(
    State(app): State<SharedState>,
    base_url: BaseUrl,
    body: Bytes,
) -> Result<Json<Value>, ControlError> {
    let request: TriggerRequest = read(&body, ACCEPTED)?;
    if request.total_fee.is_some_and(|fee| fee < 1) {
        return Err(ControlError::bad("total_fee must be at least 1", ACCEPTED));
    }
    if let Some(number) =
        request.out_trade_no.as_deref().filter(|number| number.len() > 32 || !pay::out_trade_no(number))
    {
        return Err(ControlError::bad(format!("{number:?} is not an out_trade_no"), ACCEPTED));
    }
    if let Some(url) = request.notify_url.as_deref().filter(|url| !pay::notify_url(url)) {
        return Err(ControlError::bad(format!("{url:?} is not a notify_url"), ACCEPTED));
    }
    let number = order(&app, &request, &base_url);
    let refunds = match request.event {
        Event::Order => None,
        Event::Close => {
            close(&app, &number)?;
            None
        }
        Event::Payment => {
            pay(&app, &number)?;
            None
        }
        Event::Refund => Some(Outcome::Success),
        Event::RefundClosed => Some(Outcome::Closed),
        Event::RefundAbnormal => Some(Outcome::Abnormal),
    };
    let refund = match refunds {
        Some(outcome) => Some(refund(&app, &number, outcome, request.notify_url)?),
        None => None,
    };
    let now = app.clock.now();
    let db = app.database();
    let order = db.orders.get(&number);
    Ok(Json(json!({
        "event": request.event,
        "out_trade_no": number,
        "trade_state": order.map(|order| order.state(now).as_str()),
        "prepay_id": order.and_then(|order| order.prepays.last()).map(|prepay| &prepay.prepay_id),
        "transaction_id": order.and_then(|order| order.payment.as_ref()).map(|payment| &payment.transaction_id),
        "out_refund_no": refund,
        "notify_url": order.map(|order| &order.notify_url),
    })))
}

/// The number of the order. It is created if it does not exist.
fn order(app: &AppState, request: &TriggerRequest, base_url: &BaseUrl) -> String {
    let number = request.out_trade_no.clone().unwrap_or_else(|| random::digits(24));
    if app.database().orders.contains_key(&number) {
        return number;
    }
    let newest = {
        let db = app.database();
        let ordered = db.orders.values().filter(|order| !order.notify_url.is_empty());
        ordered.max_by_key(|order| order.number).map(|order| order.notify_url.clone())
    };
    let shop = || app.addresses.shop.to_string();
    let notify_url = request.notify_url.clone().or(newest).unwrap_or_else(shop);
    let sign_type = match request.api {
        Api::V2 => "HMAC-SHA256",
        Api::V3 => "RSA",
    };
    let total_fee = request.total_fee.unwrap_or(TOTAL_FEE);
    let openid = app.database().users.first().map(|user| user.openid.clone());
    let order = Order {
        trade_type: "JSAPI".to_owned(),
        openid,
        notify_url,
        ..Order::by_code(app, APPID, &number, total_fee, "simulator trigger", sign_type)
    };
    let mut db = app.database_mut();
    db.orders.insert(number.clone(), order);
    pay::issue(&mut db, &number, app.clock.now(), base_url);
    number
}

fn state(app: &AppState, number: &str) -> Option<TradeState> {
    app.database().orders.get(number).map(|order| order.state(app.clock.now()))
}

fn close(app: &AppState, number: &str) -> Result<(), ControlError> {
    match state(app, number) {
        Some(TradeState::NotPay) => {}
        Some(TradeState::Closed) => return Ok(()),
        _ => return Err(ControlError::new(StatusCode::CONFLICT, format!("{number}: 该订单已支付"))),
    }
    if let Some(order) = app.database_mut().orders.get_mut(number) {
        order.closed_at = Some(app.clock.now());
    }
    Ok(())
}

fn pay(app: &AppState, number: &str) -> Result<(), ControlError> {
    pay::pay(app, number, None, None)
        .map(|_| ())
        .map_err(|why| ControlError::new(StatusCode::CONFLICT, format!("{number}: {}", why.message())))
}

/// Refunds everything that is left, after a payment if there was none.
fn refund(
    app: &AppState,
    number: &str,
    outcome: Outcome,
    notify_url: Option<String>,
) -> Result<String, ControlError> {
    if state(app, number) == Some(TradeState::NotPay) {
        pay(app, number)?;
    }
    let now = app.clock.now();
    let (total_fee, refund_fee, v3, url) = {
        let db = app.database();
        let unknown = || ControlError::new(StatusCode::NOT_FOUND, format!("{number}: no such order"));
        let order = db.orders.get(number).ok_or_else(unknown)?;
        let refunded: i64 =
            order.refunds.iter().filter(|refund| refund.counts(now)).map(|refund| refund.refund_fee).sum();
        let known = order.refunds.last().and_then(|refund| refund.notify_url.clone());
        let url = notify_url.or(known).unwrap_or_else(|| order.notify_url.clone());
        (order.total_fee, order.total_fee - refunded, order.is_v3(), url)
    };
    let params = RefundParams {
        out_refund_no: random::digits(28),
        refund_fee,
        total_fee,
        account: "REFUND_SOURCE_UNSETTLED_FUNDS".to_owned(),
        reason: None,
        notify_url: Some(url),
        source: Source::Api,
        v3,
        reversal: false,
        outcome: Some(outcome),
    };
    accept_refund(app, number, params)
        .map(|refund| refund.out_refund_no)
        .map_err(|why| ControlError::new(StatusCode::CONFLICT, format!("{number}: {}", why.message())))
}
