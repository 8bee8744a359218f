//! The buttons: each does what a control does, and comes back to the page.

use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    clock::SECOND,
    notify::{Amount, Disturbances},
    pay,
    user::User,
    world::Shared,
};

#[derive(Deserialize)]
pub(super) struct Named {
    out_trade_no: String,
}

#[derive(Deserialize)]
pub(super) struct Advance {
    advance_s: u32,
}

#[derive(Deserialize)]
pub(super) struct Somebody {
    nickname: String,
}

fn back() -> Response {
    Redirect::to("/").into_response()
}

pub(super) async fn pay(State(world): State<Shared>, Form(order): Form<Named>) -> Response {
    match pay::pay(&world, &order.out_trade_no, None, None) {
        Ok(_) => back(),
        Err(why) => (StatusCode::CONFLICT, why.message()).into_response(),
    }
}

/// As if somebody had closed the order in the merchant platform.
pub(super) async fn close(State(world): State<Shared>, Form(order): Form<Named>) -> Response {
    let now = world.clock.now();
    if let Some(order) = world.change().orders.get_mut(&order.out_trade_no)
        && order.state(now) == pay::TradeState::NotPay
    {
        order.closed_at = Some(now);
    }
    back()
}

pub(super) async fn clock(State(world): State<Shared>, Form(advance): Form<Advance>) -> Response {
    world.clock.advance(i64::from(advance.advance_s) * SECOND);
    world.changed.notify_one();
    world.courier.notify_one();
    back()
}

/// Drops every notification, or no longer.
pub(super) async fn drop_notifications(State(world): State<Shared>) -> Response {
    let mut state = world.look();
    let drop = match state.disturbances.drop {
        None => Some(Amount::Always(true)),
        Some(_) => None,
    };
    state.disturbances = Disturbances { drop, ..state.disturbances.clone() };
    back()
}

#[derive(Deserialize)]
pub(super) struct Person {
    openid: String,
}

/// The code on this person's phone, to be read by a till.
pub(super) async fn payment_code(State(world): State<Shared>, Form(person): Form<Person>) -> Response {
    let now = world.clock.now();
    let mut state = world.change();
    match state.user(&person.openid).cloned() {
        Some(user) => pay::show_code(&mut state, &user, false, now).into_response(),
        None => back(),
    }
}

pub(super) async fn user(State(world): State<Shared>, Form(somebody): Form<Somebody>) -> Response {
    world.change().users.push(User::new(&somebody.nickname));
    back()
}
