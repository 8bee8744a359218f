//! Makes an event happen, with everything that it needs: the order, its payment, its refund.

use axum::{Json, body::Bytes, extract::State, http::StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::input::{ControlError, read};
use crate::{
    app_state::{AppState, SharedState},
    base_url::BaseUrl,
    complaints::{NewComplaint, ProblemType, complain},
    event::{Event, OrderApi},
    pay::{self, Order, Outcome, RefundParams, Source, TradeState, accept_refund},
    random,
};

const ACCEPTED: &str = "{\"event\": order | payment | close | refund | refund-closed | refund-abnormal | complaint, \
    \"out_trade_no\"?: \"…\" (an order that exists or a new one), \"notify_url\"?: \"…\" (default: that of the newest \
    order, or the address of --shop), \"total_fee\"?: fen (of a new order, 100 by default), \"api\"?: \"v2\"|\"v3\", \"mch_id\"?: \"…\" (the first \
    merchant by default)}";

/// The amount of a new order in fen.
const TOTAL_FEE: i64 = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TriggerRequest {
    event: Event,
    out_trade_no: Option<String>,
    notify_url: Option<String>,
    total_fee: Option<i64>,
    mch_id: Option<String>,
    #[serde(default)]
    api: OrderApi,
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
    let number = request.out_trade_no.clone().unwrap_or_else(|| random::digits(24));
    let key = order(&app, &request, &number, &base_url)?;
    let refunds = match request.event {
        Event::Order => None,
        Event::Close => {
            close(&app, &key)?;
            None
        }
        Event::Payment => {
            pay(&app, &key)?;
            None
        }
        Event::Refund => Some(Outcome::Success),
        Event::RefundClosed => Some(Outcome::Closed),
        Event::RefundAbnormal => Some(Outcome::Abnormal),
        Event::Complaint => None,
    };
    let complaint = match request.event {
        Event::Complaint => Some(complain_about(&app, &key)?),
        _ => None,
    };
    let refund = match refunds {
        Some(outcome) => Some(refund(&app, &key, outcome, request.notify_url)?),
        None => None,
    };
    let now = app.clock.now();
    let db = app.database();
    let order = db.orders.get(&key);
    Ok(Json(json!({
        "event": request.event,
        "out_trade_no": number,
        "mch_id": order.map(|order| &order.mch_id),
        "trade_state": order.map(|order| order.state(now).as_str()),
        "prepay_id": order.and_then(|order| order.prepays.last()).map(|prepay| &prepay.prepay_id),
        "transaction_id": order.and_then(|order| order.payment.as_ref()).map(|payment| &payment.transaction_id),
        "out_refund_no": refund,
        "complaint_id": complaint,
        "notify_url": order.map(|order| &order.notify_url),
    })))
}

/// The key of the order. It is created if it does not exist.
fn order(
    app: &AppState,
    request: &TriggerRequest,
    number: &str,
    base_url: &BaseUrl,
) -> Result<String, ControlError> {
    let db = app.database();
    let mch_id = match &request.mch_id {
        Some(mch_id) => mch_id.clone(),
        None => db.accounts.first_merchant().mch_id.clone(),
    };
    if let Some(known) = db.order_named(number, request.mch_id.as_deref()) {
        return Ok(known.key());
    }
    let unusable = |why: &str| ControlError::new(StatusCode::CONFLICT, format!("{mch_id}: {why}"));
    let merchant = db.accounts.merchant(&mch_id).ok_or_else(|| unusable("no such merchant"))?;
    let mut service_accounts = db.accounts.service_accounts.iter();
    let appid = service_accounts.find(|account| merchant.is_bound_to(&account.appid));
    let appid = appid.ok_or_else(|| unusable("no service account is bound to it"))?.appid.clone();
    let openid = db.users.first().map(|user| db.accounts.openid(user, &appid).to_owned());
    let ordered = db.orders.values().filter(|order| !order.notify_url.is_empty() && order.mch_id == mch_id);
    let newest = ordered.max_by_key(|order| order.number).map(|order| order.notify_url.clone());
    drop(db);
    let shop = || app.addresses.shop.to_string();
    let notify_url = request.notify_url.clone().or(newest).unwrap_or_else(shop);
    let sign_type = match request.api {
        OrderApi::V2 => "HMAC-SHA256",
        OrderApi::V3 => "RSA",
    };
    let total_fee = request.total_fee.unwrap_or(TOTAL_FEE);
    let order = Order {
        trade_type: "JSAPI".to_owned(),
        openid,
        notify_url,
        ..Order::by_code(app, (&mch_id, &appid), number, total_fee, "simulator trigger", sign_type)
    };
    let mut db = app.database_mut();
    let key = order.key();
    db.orders.insert(key.clone(), order);
    pay::issue(&mut db, &key, app.clock.now(), base_url);
    Ok(key)
}

fn state(app: &AppState, key: &str) -> Option<TradeState> {
    app.database().orders.get(key).map(|order| order.state(app.clock.now()))
}

/// The refusal of an event, with the shop's number of the order.
fn refusal(key: &str, why: &str) -> ControlError {
    let number = key.split_once('/').map_or(key, |(_, number)| number);
    ControlError::new(StatusCode::CONFLICT, format!("{number}: {why}"))
}

fn close(app: &AppState, key: &str) -> Result<(), ControlError> {
    match state(app, key) {
        Some(TradeState::NotPay) => {}
        Some(TradeState::Closed) => return Ok(()),
        _ => return Err(refusal(key, "该订单已支付")),
    }
    if let Some(order) = app.database_mut().orders.get_mut(key) {
        order.closed_at = Some(app.clock.now());
    }
    Ok(())
}

fn pay(app: &AppState, key: &str) -> Result<(), ControlError> {
    pay::pay(app, key, None, None).map(|_| ()).map_err(|why| refusal(key, why.message()))
}

/// Complains about the order, after a payment if there was none.
fn complain_about(app: &AppState, key: &str) -> Result<String, ControlError> {
    if state(app, key) == Some(TradeState::NotPay) {
        pay(app, key)?;
    }
    let complaint = NewComplaint {
        detail: "收到的商品有破损，申请退款".to_owned(),
        problem_type: ProblemType::Refund,
        apply_refund_amount: app.database().orders.get(key).map(|order| order.total_fee),
        pictures: 1,
    };
    complain(app, key, complaint).map_err(|why| refusal(key, why))
}

/// Refunds everything that is left, after a payment if there was none.
fn refund(
    app: &AppState,
    key: &str,
    outcome: Outcome,
    notify_url: Option<String>,
) -> Result<String, ControlError> {
    if state(app, key) == Some(TradeState::NotPay) {
        pay(app, key)?;
    }
    let now = app.clock.now();
    let (total_fee, refund_fee, v3, url) = {
        let db = app.database();
        let order = db.orders.get(key).ok_or_else(|| refusal(key, "no such order"))?;
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
    accept_refund(app, key, params)
        .map(|refund| refund.out_refund_no)
        .map_err(|why| refusal(key, why.message()))
}
