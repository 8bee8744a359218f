//! The forms of the cart.

use app::messages;
use axum::{
    Form,
    body::Bytes,
    extract::{State, rejection::FormRejection},
    http::header,
    response::Response,
};
use model::{Fen, Quantity, Sku};
use serde::Deserialize;
use shop::{ShopError, typed};

use super::{
    guest::shopper_or_guest,
    orders::{PlaceForm, chosen, nothing_chosen},
};
use crate::{request_context::RequestContext, response, state::AppState};

/// A redirect (303) to the cart, with the number of its pieces for the tab.
pub(super) fn to_cart(state: &AppState, pieces: i64) -> Response {
    let mut response = response::see_other("/cart");
    response.headers_mut().append(header::SET_COOKIE, state.cookies.count_cart(pieces));
    response
}

/// `POST /cart`: puts something in.
pub(super) async fn add(
    State(state): State<AppState>,
    context: RequestContext,
    form: Result<Form<PlaceForm>, FormRejection>,
) -> Response {
    let Some(line) = form.ok().and_then(|Form(form)| form.line()) else {
        return nothing_chosen(messages::NOT_ADDED);
    };
    let (shopper, cookies) = match shopper_or_guest(&state, &context, &chosen(&line)) {
        Ok(known) => known,
        Err(response) => return response,
    };
    let response = match state.shop.checkout().add_to_cart(&shopper, &line.sku, line.quantity).await {
        Ok(pieces) => to_cart(&state, pieces),
        Err(error) => response::page(&error, messages::NOT_ADDED, "/cart", messages::CART),
    };
    cookies.on(response)
}

#[derive(Deserialize)]
pub(super) struct ChangeForm {
    sku: String,
    quantity: String,
}

/// `POST /cart/change`: another quantity; none takes it out.
pub(super) async fn change(
    State(state): State<AppState>,
    context: RequestContext,
    form: Result<Form<ChangeForm>, FormRejection>,
) -> Response {
    let Some(shopper) = &context.visitor.session else { return response::see_other("/cart") };
    let chosen = form.ok().and_then(|Form(form)| {
        let quantity = match typed::number(&form.quantity).as_str() {
            "0" => None,
            pieces => Some(pieces.parse::<Quantity>().ok()?),
        };
        Some((form.sku.parse::<Sku>().ok()?, quantity))
    });
    let Some((sku, quantity)) = chosen else { return nothing_chosen(messages::NOT_SAVED) };
    match state.shop.checkout().change_cart(shopper, &sku, quantity).await {
        Ok(pieces) => to_cart(&state, pieces),
        Err(error) => response::page(&error, messages::NOT_SAVED, "/cart", messages::CART),
    }
}

/// `POST /cart/order`: `sku` for each thing that is ticked, with the price that was shown. 303 to the order's confirmation.
pub(super) async fn order(State(state): State<AppState>, context: RequestContext, body: Bytes) -> Response {
    let refused = |error: &ShopError| response::page(error, messages::NOT_ORDERED, "/cart", messages::CART);
    let Some(shopper) = &context.visitor.session else {
        // the session has ended: after the login the cart is still there
        return response::see_other("/cart");
    };
    let chosen: Vec<(Sku, Fen)> = url::form_urlencoded::parse(&body)
        .filter(|(name, _)| name == "sku")
        .filter_map(|(_, value)| {
            let (sku, price) = value.split_once('*')?;
            Some((sku.parse().ok()?, Fen(price.parse().ok()?)))
        })
        .collect();
    let id = match state.shop.checkout().place_from_cart(shopper, &chosen, context.visitor.ip).await {
        Ok(id) => id,
        // a double tap: the cart was ordered a moment ago, and the list of orders shows it
        Err(ShopError::NothingChosen) if !chosen.is_empty() => return response::see_other("/orders"),
        Err(error) => return refused(&error),
    };
    let mut response = response::see_other(&format!("/orders/{id}/confirm"));
    // the order is placed: the next change counts the cart
    if let Ok(pieces) = state.shop.checkout().pieces_in_cart(shopper).await {
        response.headers_mut().append(header::SET_COOKIE, state.cookies.count_cart(pieces));
    }
    response
}
