//! The buttons of the page. Each does the same as a control and returns to the page.

use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    app_state::{AppState, SharedState},
    clock::SECOND,
    faults::{Fault, FaultKind},
    notify::{self, DeliveryFaults, Frequency},
    pay,
};

#[derive(Deserialize)]
pub(super) struct OrderForm {
    out_trade_no: String,
    mch_id: Option<String>,
}

impl OrderForm {
    /// The key of the order.
    fn key(&self, app: &AppState) -> String {
        let db = app.database();
        db.order_named(&self.out_trade_no, self.mch_id.as_deref()).map(pay::Order::key).unwrap_or_default()
    }
}

#[derive(Deserialize)]
pub(super) struct ClockForm {
    advance_s: u32,
    shop: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct UserForm {
    nickname: String,
}

fn back() -> Response {
    Redirect::to("/").into_response()
}

pub(super) async fn pay(State(app): State<SharedState>, Form(order): Form<OrderForm>) -> Response {
    match pay::pay(&app, &order.key(&app), None, None) {
        Ok(_) => back(),
        Err(why) => (StatusCode::CONFLICT, why.message()).into_response(),
    }
}

/// Acts as if the merchant had closed the order in the merchant platform.
pub(super) async fn close(State(app): State<SharedState>, Form(order): Form<OrderForm>) -> Response {
    let (now, key) = (app.clock.now(), order.key(&app));
    if let Some(order) = app.database_mut().orders.get_mut(&key)
        && order.state(now) == pay::TradeState::NotPay
    {
        order.closed_at = Some(now);
    }
    back()
}

pub(super) async fn clock(State(app): State<SharedState>, Form(advance): Form<ClockForm>) -> Response {
    app.clock.advance(i64::from(advance.advance_s) * SECOND);
    if advance.shop.is_some() {
        app.clock.set_shop_ahead();
    }
    app.changed.notify_one();
    app.delivery_wakeup.notify_one();
    back()
}

/// Starts or stops dropping notifications.
pub(super) async fn drop_notifications(State(app): State<SharedState>) -> Response {
    let mut db = app.database();
    let drop = match db.delivery_faults.drop {
        None => Some(Frequency::Always(true)),
        Some(_) => None,
    };
    db.delivery_faults = DeliveryFaults { drop, ..db.delivery_faults.clone() };
    back()
}

#[derive(Deserialize)]
pub(super) struct ResendForm {
    mch_id: Option<String>,
    out_trade_no: String,
    kind: String,
    /// The change. If it is empty, the notification is sent unchanged.
    tamper: String,
}

/// Sends a notification again, as it was or changed.
pub(super) async fn resend(State(app): State<SharedState>, Form(form): Form<ResendForm>) -> Response {
    let tamper = match form.tamper.as_str() {
        "" => None,
        word => match serde_json::from_value(word.into()) {
            Ok(tamper) => Some(tamper),
            Err(error) => return (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
        },
    };
    let now = app.clock.now();
    let named = (form.mch_id.as_deref(), form.out_trade_no.as_str());
    let _ = notify::resend(&mut app.database_mut(), named, Some(&form.kind), tamper, now);
    app.delivery_wakeup.notify_one();
    Redirect::to("/#notifications").into_response()
}

#[derive(Deserialize)]
pub(super) struct FaultForm {
    endpoint: String,
    kind: FaultKind,
    times: u32,
}

/// Plans a fault. An endpoint that does not support it is refused with the reason.
pub(super) async fn add_fault(State(app): State<SharedState>, Form(form): Form<FaultForm>) -> Response {
    let fault = Fault {
        endpoint: form.endpoint,
        kind: form.kind,
        times: Some(form.times),
        probability: None,
        seconds: None,
        status: None,
        code: None,
        message: None,
    };
    match fault.check() {
        Ok(()) => {
            app.database().faults.0.push(fault);
            Redirect::to("/#faults").into_response()
        }
        Err(why) => (StatusCode::BAD_REQUEST, why).into_response(),
    }
}

pub(super) async fn clear_faults(State(app): State<SharedState>) -> Response {
    app.database().faults.0.clear();
    Redirect::to("/#faults").into_response()
}

#[derive(Deserialize)]
pub(super) struct CodeForm {
    openid: String,
}

/// The payment code of this user, for a till.
pub(super) async fn payment_code(State(app): State<SharedState>, Form(form): Form<CodeForm>) -> Response {
    let now = app.clock.now();
    let mut db = app.database_mut();
    match db.user(&form.openid).cloned() {
        Some(user) => pay::issue_payment_code(&mut db, &user, false, now).into_response(),
        None => back(),
    }
}

pub(super) async fn user(State(app): State<SharedState>, Form(form): Form<UserForm>) -> Response {
    let mut db = app.database_mut();
    let user = db.accounts.new_user(&form.nickname);
    db.users.push(user);
    back()
}
