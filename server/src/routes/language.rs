use axum::{
    Form,
    extract::{State, rejection::FormRejection},
    http::header,
    response::Response,
};
use model::Language;
use serde::Deserialize;

use crate::{response, state::AppState};

#[derive(Deserialize)]
pub(super) struct LanguageForm {
    to: String,
}

/// `POST /language`: sets the shopper's language. 303 to the page 我的.
pub(super) async fn choose(
    State(state): State<AppState>,
    form: Result<Form<LanguageForm>, FormRejection>,
) -> Response {
    let mut response = response::see_other("/me");
    if let Some(language) = form.ok().and_then(|Form(form)| Language::of_tag(&form.to)) {
        response.headers_mut().append(header::SET_COOKIE, state.cookies.choose_language(language));
    }
    response
}
