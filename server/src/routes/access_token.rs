//! The central token server. Other programs of the merchant get the access token here, because a new token of WeChat
//! may invalidate the earlier one.

use axum::{
    Json,
    extract::{FromRequestParts, State, rejection::JsonRejection},
    http::request::Parts,
    response::Response,
};
use serde::Deserialize;
use serde_json::json;
use shop::{AccessToken, ShopError};
use wechat::Secret;

use super::bearer;
use crate::{response, state::AppState};

pub(super) const TOKEN_PATH: &str = "/api/wechat/token";
pub(super) const REFRESH_PATH: &str = "/api/wechat/token/refresh";

/// A program with a valid key, within its rate limit. This reads no cookie.
pub(super) struct Program(String);

impl FromRequestParts<AppState> for Program {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let Some(name) = bearer(&parts.headers).and_then(|key| state.token_clients.name_of(key)) else {
            return Err(response::refusal(&ShopError::UnknownProgram));
        };
        if state.token_limits.take(name, state.shop.clock().now_ms()) {
            Ok(Self(name.to_owned()))
        } else {
            tracing::warn!(program = name, "too many requests for the access_token");
            Err(response::refusal(&ShopError::TooOften))
        }
    }
}

/// `GET /api/wechat/token`: the current access token.
pub(super) async fn token(State(state): State<AppState>, Program(program): Program) -> Response {
    respond(state.shop.official().access_token(&program).await)
}

#[derive(Deserialize)]
pub(super) struct FailedToken {
    access_token: String,
}

/// `POST /api/wechat/token/refresh`: replaces the token that failed, if it is still the current one.
pub(super) async fn refresh(
    State(state): State<AppState>,
    Program(program): Program,
    failed: Result<Json<FailedToken>, JsonRejection>,
) -> Response {
    let Ok(Json(failed)) = failed else {
        return response::refusal(&ShopError::BadRequest(
            "the body is JSON: {\"access_token\": the token that failed}",
        ));
    };
    respond(state.shop.official().replace_access_token(&program, &Secret::new(failed.access_token)).await)
}

fn respond(token: Result<AccessToken, ShopError>) -> Response {
    match token {
        Ok(token) => response::data(json!({
            "access_token": token.access_token.expose(),
            "expires_in": token.expires_in.as_secs(),
        })),
        Err(error) => response::refusal(&error),
    }
}
