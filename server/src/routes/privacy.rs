//! A shopper downloads or erases their own data.

use app::messages;
use axum::{
    Form,
    extract::{State, rejection::FormRejection},
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::Value;
use shop::shanghai;

use super::{fields::Fields, log_out::end_cookies};
use crate::{request_context::RequestContext, response, state::AppState};

const PAGE: &str = "/me/privacy";

/// The response with a shopper's data as a JSON file.
pub(super) fn json_file(state: &AppState, document: &Value) -> Response {
    let day = shanghai(state.now_s() * 1000).strftime("%Y%m%d");
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"personal-data-{day}.json\"")),
    ];
    (headers, format!("{document:#}\n")).into_response()
}

/// `GET /me/privacy/data.json`: everything that the shop keeps about the shopper.
pub(super) async fn copy(State(state): State<AppState>, context: RequestContext) -> Response {
    let Some(shopper) = &context.visitor.session else { return response::see_other(PAGE) };
    match state.shop.privacy().personal_data(shopper).await {
        Ok(document) => json_file(&state, &document),
        Err(error) => response::page(&error, messages::ERROR, PAGE, messages::BACK),
    }
}

/// `POST /me/privacy/erase`: erases the shopper's data and ends the cookies; 303 to `/erased`. The confirmation page
/// sends `confirm`.
pub(super) async fn erase(
    State(state): State<AppState>,
    context: RequestContext,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    let Some(shopper) = &context.visitor.session else { return response::see_other(PAGE) };
    let page = format!("{PAGE}/erase");
    if Fields::of(form).one("confirm") != Some("1") {
        return response::see_other(&page);
    }
    match state.shop.privacy().erase(shopper).await {
        // go to a page without a login: in WeChat, 我的 would log the shopper in again
        Ok(()) => end_cookies(&state, response::see_other("/erased")),
        Err(error) => response::page(&error, messages::ERASE_NOT_YET, &page, messages::BACK),
    }
}
