//! The forms of saved addresses.

use app::messages;
use axum::{
    Form,
    extract::{State, rejection::FormRejection},
    response::Response,
};
use model::Shopper;
use shop::{ShopError, address_problems};

use super::{
    delivery::{city_problem, name_of_address, recipient},
    fields::Fields,
    form_page::FormPage,
    guest::shopper_or_guest,
};
use crate::{request_context::RequestContext, response, state::AppState};

const PAGE: &str = "/addresses";

/// `POST /addresses`: saves an address. With `id` it changes a saved one.
pub(super) async fn save(
    State(state): State<AppState>,
    context: RequestContext,
    page: FormPage,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    let fields = Fields::of(form);
    let recipient = recipient(&fields);
    let id = fields.one("id").map(str::to_owned);
    let form_page = match &id {
        Some(id) if id.bytes().all(|byte| byte.is_ascii_alphanumeric()) => format!("{PAGE}?edit={id}"),
        Some(_) => return response::page(&ShopError::NotFound, messages::NOT_SAVED, PAGE, messages::BACK),
        None => PAGE.to_owned(),
    };
    let found = address_problems(&recipient);
    let problems =
        found.iter().map(|(field, problem)| (name_of_address(*field), messages::field_problem(problem)));
    let problems: Vec<_> = problems.chain(city_problem(&fields)).collect();
    if !problems.is_empty() {
        let error = found.into_iter().next().map_or(ShopError::AddressIncomplete, |(_, problem)| problem);
        return page.show(&form_page, fields, &error, problems).await;
    }
    let (shopper, cookies) = match shopper_or_guest(&state, &context, PAGE) {
        Ok(known) => known,
        Err(response) => return response,
    };
    let checkout = state.shop.checkout();
    let saved = match id {
        Some(id) => checkout.change_address(&shopper, &id, recipient).await,
        None => checkout.save_address(&shopper, recipient).await.map(drop),
    };
    let response = match saved {
        Ok(()) => done("address"),
        Err(error @ ShopError::NotFound) => response::page(&error, messages::NOT_SAVED, PAGE, messages::BACK),
        Err(error) => page.show(&form_page, fields, &error, Vec::new()).await,
    };
    cookies.on(response)
}

/// `POST /addresses/default`: makes an address the default.
pub(super) async fn make_default(
    State(state): State<AppState>,
    context: RequestContext,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    with_saved(&context, form, "default", async |shopper, id| {
        state.shop.checkout().make_address_default(shopper, id).await
    })
    .await
}

/// `POST /addresses/delete`: deletes an address.
pub(super) async fn delete(
    State(state): State<AppState>,
    context: RequestContext,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    with_saved(&context, form, "deleted", async |shopper, id| {
        state.shop.checkout().forget_address(shopper, id).await
    })
    .await
}

/// Changes the saved address that a form names, then redirects to the list. `word` tells the list what was done.
async fn with_saved(
    context: &RequestContext,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
    word: &str,
    act: impl AsyncFnOnce(&Shopper, &str) -> Result<(), ShopError>,
) -> Response {
    let fields = Fields::of(form);
    let (Some(shopper), Some(id)) = (&context.visitor.session, fields.one("id")) else {
        return response::see_other(PAGE);
    };
    match act(shopper, id).await {
        Ok(()) => done(word),
        Err(error) => response::page(&error, messages::NOT_SAVED, PAGE, messages::BACK),
    }
}

/// The redirect to the list. `word` tells it what was done.
fn done(word: &str) -> Response {
    response::see_other(&format!("{PAGE}?done={word}"))
}
