//! The forms of saved addresses.

use app::messages;
use axum::{
    Form,
    extract::{State, rejection::FormRejection},
    response::Response,
};
use serde::Deserialize;
use shop::{Recipient, ShopError};

use super::guest::shopper_or_guest;
use crate::{request_context::RequestContext, response, state::AppState};

const PAGE: &str = "/addresses";

#[derive(Deserialize)]
pub(super) struct AddressForm {
    name: String,
    phone: String,
    region: String,
    detail: String,
}

/// `POST /addresses`: saves one.
pub(super) async fn save(
    State(state): State<AppState>,
    context: RequestContext,
    form: Result<Form<AddressForm>, FormRejection>,
) -> Response {
    let refused = |error: &ShopError| response::page(error, messages::NOT_SAVED, PAGE, messages::BACK);
    let Ok(Form(form)) = form else { return refused(&ShopError::AddressIncomplete) };
    let (shopper, cookies) = match shopper_or_guest(&state, &context, PAGE) {
        Ok(known) => known,
        Err(response) => return response,
    };
    let AddressForm { name, phone, region, detail } = form;
    let response =
        match state.shop.checkout().save_address(&shopper, Recipient { name, phone, region, detail }).await {
            Ok(_) => response::see_other(PAGE),
            Err(error) => refused(&error),
        };
    cookies.on(response)
}

#[derive(Deserialize)]
pub(super) struct DeleteForm {
    id: String,
}

/// `POST /addresses/delete`: forgets one.
pub(super) async fn delete(
    State(state): State<AppState>,
    context: RequestContext,
    form: Result<Form<DeleteForm>, FormRejection>,
) -> Response {
    let (Some(shopper), Ok(Form(form))) = (&context.visitor.session, form) else {
        return response::see_other(PAGE);
    };
    match state.shop.checkout().forget_address(shopper, &form.id).await {
        Ok(()) => response::see_other(PAGE),
        Err(error) => response::page(&error, messages::NOT_SAVED, PAGE, messages::BACK),
    }
}
