//! The language of the console.

use app::console::in_language;
use axum::{
    Form,
    extract::{Request, State, rejection::FormRejection},
    http::header,
    middleware::Next,
    response::Response,
};
use model::Language;
use serde::Deserialize;

use super::sign_in::next_of;
use crate::{request_context::language, response, state::AppState};

/// Renders the response in the visitor's language.
pub(super) async fn of_visitor(request: Request, next: Next) -> Response {
    in_language(language(request.headers()), next.run(request)).await
}

#[derive(Deserialize)]
pub(super) struct LanguageForm {
    to: String,
    next: Option<String>,
}

/// `POST /console/language`: sets the visitor's language. 303 to a page of the console. The shop's pages use the same
/// cookie.
pub(super) async fn choose(
    State(state): State<AppState>,
    form: Result<Form<LanguageForm>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else { return response::see_other("/console") };
    let mut response = response::see_other(next_of(form.next.as_deref()));
    if let Some(language) = Language::of_tag(&form.to) {
        response.headers_mut().append(header::SET_COOKIE, state.cookies.choose_language(language));
    }
    response
}
