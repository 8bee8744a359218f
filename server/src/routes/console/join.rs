//! The page of an invitation, on which a new staff member sets a password and a second factor.

use app::console::{join_page, joined_page, no_invitation_page, sentence};
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use serde::Deserialize;
use shop::{ShopError, check_repeated_password};

use super::page;
use crate::{response, state::AppState};

/// `GET /console/join/{token}`.
pub(super) async fn show(State(state): State<AppState>, Path(token): Path<String>) -> Response {
    match state.shop.staff().invitation(&token).await {
        Ok(invitation) => page(join_page(&token, &invitation, None)),
        Err(error) => refused(&error),
    }
}

#[derive(Deserialize)]
pub(super) struct NewCredentials {
    #[serde(default)]
    password: String,
    password_again: Option<String>,
    #[serde(default)]
    code: String,
}

/// `POST /console/join/{token}`: accepts the invitation. Only this response shows the recovery codes.
pub(super) async fn accept(
    State(state): State<AppState>,
    Path(token): Path<String>,
    Form(form): Form<NewCredentials>,
) -> Response {
    let accounts = state.shop.staff();
    let accepted = match check_repeated_password(&form.password, form.password_again.as_deref()) {
        Ok(()) => accounts.accept_invitation(&token, &form.password, &form.code).await,
        Err(error) => Err(error),
    };
    let error = match accepted {
        Ok(accepted) => {
            let word = if accepted.keeps_password { "factor" } else { "account" };
            if !accepted.recovery_codes.is_empty() {
                return page(joined_page(&accepted.recovery_codes, word));
            }
            return response::see_other(&format!("/console/sign-in?done={word}"));
        }
        Err(error) => error,
    };
    // show the error above the form
    match accounts.invitation(&token).await {
        Ok(invitation) => {
            let html = join_page(&token, &invitation, Some(sentence(&error)));
            (response::status(&error), Html(html)).into_response()
        }
        Err(error) => refused(&error),
    }
}

fn refused(error: &ShopError) -> Response {
    match error {
        ShopError::NotFound => (StatusCode::NOT_FOUND, Html(no_invitation_page())).into_response(),
        error => {
            response::log(error);
            response::status(error).into_response()
        }
    }
}
