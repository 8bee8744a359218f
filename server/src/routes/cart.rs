//! The forms of the cart.

use app::messages;
use axum::{
    Form,
    extract::{State, rejection::FormRejection},
    http::header,
    response::Response,
};
use model::{Fen, Quantity, Sku};
use serde::Deserialize;
use shop::{SelectedLine, ShopError, typed};

use super::{
    delivery::{Refused, confirmation_of, delivery_of},
    fields::Fields,
    form_page::FormPage,
    guest::shopper_or_guest,
    orders::{chosen, line, nothing_chosen, pay_now},
};
use crate::{request_context::RequestContext, response, state::AppState};

/// A redirect (303) to the cart, with the cookie for the number of its pieces.
pub(super) fn to_cart(state: &AppState, pieces: i64) -> Response {
    counted(state, response::see_other("/cart"), pieces)
}

/// Adds the cookie with the number of the cart's pieces.
fn counted(state: &AppState, mut response: Response, pieces: i64) -> Response {
    response.headers_mut().append(header::SET_COOKIE, state.cookies.count_cart(pieces));
    response
}

/// `POST /cart`: puts pieces into the cart. 303 to the cart; with `stay`, back to the product, which says that it is in
/// the cart.
pub(super) async fn add(
    State(state): State<AppState>,
    context: RequestContext,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    let fields = Fields::of(form);
    let Some(line) = line(&fields) else { return nothing_chosen(messages::NOT_ADDED) };
    let (shopper, cookies) = match shopper_or_guest(&state, &context, &chosen(&line)) {
        Ok(known) => known,
        Err(response) => return response,
    };
    let response = match state.shop.checkout().add_to_cart(&shopper, &line.sku, line.quantity).await {
        Ok(pieces) => {
            let product =
                state.shop.products().catalogue().sku(&line.sku).map(|(product, _)| product.id.clone());
            match product.filter(|_| fields.one("stay").is_some()) {
                Some(product) => {
                    let page =
                        format!("/products/{product}?sku={}&quantity={}#added", line.sku, line.quantity);
                    counted(&state, response::see_other(&page), pieces)
                }
                None => to_cart(&state, pieces),
            }
        }
        Err(error) => response::page(&error, messages::NOT_ADDED, "/cart", messages::CART),
    };
    cookies.on(response)
}

#[derive(Deserialize)]
pub(super) struct ChangeForm {
    sku: String,
    quantity: String,
    /// The number of pieces that the page showed.
    was: Option<String>,
}

/// `POST /cart/change`: changes the quantity of a line. 0 removes the line; with `was` the cart offers to undo this.
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
        Some((
            form.sku.parse::<Sku>().ok()?,
            quantity,
            form.was.and_then(|pieces| pieces.parse::<Quantity>().ok()),
        ))
    });
    let Some((sku, quantity, was)) = chosen else { return nothing_chosen(messages::NOT_SAVED) };
    match state.shop.checkout().change_cart(shopper, &sku, quantity).await {
        Ok(pieces) => match was.filter(|_| quantity.is_none()) {
            Some(was) => counted(&state, response::see_other(&format!("/cart?removed={sku}*{was}")), pieces),
            None => to_cart(&state, pieces),
        },
        Err(error) => response::page(&error, messages::NOT_SAVED, "/cart", messages::CART),
    }
}

/// `POST /cart/order`: orders the selected lines. Each has a field `sku` with what the page showed: `SKU*PRICE` or
/// `SKU*PRICE*QUANTITY`. The form of the confirmation also has the delivery, and pays: see `POST /orders`.
pub(super) async fn order(
    State(state): State<AppState>,
    context: RequestContext,
    page: FormPage,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    let fields = Fields::of(form);
    let Some(shopper) = &context.visitor.session else {
        // the session has ended: the cart is still there after the login
        return response::see_other("/cart");
    };
    let chosen: Vec<SelectedLine> = fields.all("sku").filter_map(selected).collect();
    let is_confirmed = fields.one("to").is_some();
    let form_page = format!("/cart/confirm?{}", query(&chosen));
    let confirmation = if is_confirmed {
        match delivery_of(&state, Some(shopper), &fields).await {
            Ok(delivery) => Some(confirmation_of(delivery, &fields)),
            Err(Refused { error, problems }) => return page.show(&form_page, fields, &error, problems).await,
        }
    } else {
        None
    };
    let ip = context.visitor.ip;
    let id = match state.shop.checkout().place_from_cart(shopper, &chosen, confirmation, ip).await {
        Ok(id) => id,
        // a double tap: the first tap has ordered the cart, and the list shows the order
        Err(ShopError::NothingChosen) if !chosen.is_empty() => return response::see_other("/orders"),
        Err(error) if is_confirmed && !error.is_ours() => {
            return page.show(&form_page, fields, &error, Vec::new()).await;
        }
        Err(error) => return response::page(&error, messages::NOT_ORDERED, "/cart", messages::CART),
    };
    let response = if fields.one("pay").is_some() {
        pay_now(&state, &context, shopper, id).await
    } else {
        response::see_other(&format!("/orders/{id}/confirm"))
    };
    // the order is placed, so an error only delays the number in the tab
    match state.shop.checkout().pieces_in_cart(shopper).await {
        Ok(pieces) => counted(&state, response, pieces),
        Err(_) => response,
    }
}

/// Reads a field `sku`: see [`order`].
fn selected(tick: &str) -> Option<SelectedLine> {
    let (sku, seen) = tick.split_once('*')?;
    let (price, quantity) = match seen.split_once('*') {
        Some((price, quantity)) => (price, Some(quantity.parse().ok()?)),
        None => (seen, None),
    };
    Some(SelectedLine { sku: sku.parse().ok()?, price: Fen(price.parse().ok()?), quantity })
}

/// The query of the confirmation's page.
fn query(chosen: &[SelectedLine]) -> String {
    let ticks = chosen.iter().map(|line| format!("sku={}*{}", line.sku, line.price.0));
    ticks.collect::<Vec<_>>().join("&")
}
