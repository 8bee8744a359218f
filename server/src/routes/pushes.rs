//! The routes for messages that WeChat pushes (消息推送).

use std::time::Duration;

use axum::{
    body::to_bytes,
    extract::{Query, Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use model::push::PushAccount;
use shop::PushRefused;
use wechat::{push::PushQuery, wire::xml::MAX_LENGTH};

use crate::state::AppState;

/// The path for the official account.
pub(super) const OFFICIAL: &str = "/api/wechat/push";

/// The path for the mini program.
pub(super) const MINIPROGRAM: &str = "/api/wechat/miniprogram/push";

/// The time limit for the body. WeChat closes the connection after five seconds.
const READ_WITHIN: Duration = Duration::from_secs(4);

/// `GET /api/wechat/push`: WeChat checks the URL when the merchant saves the account's message settings.
pub(super) async fn check_official(state: State<AppState>, query: Query<PushQuery>) -> Response {
    check(&state, PushAccount::Official, &query)
}

/// `GET /api/wechat/miniprogram/push`.
pub(super) async fn check_miniprogram(state: State<AppState>, query: Query<PushQuery>) -> Response {
    check(&state, PushAccount::MiniProgram, &query)
}

/// `POST /api/wechat/push`: a message or an event of the official account.
pub(super) async fn official(state: State<AppState>, query: Query<PushQuery>, request: Request) -> Response {
    receive(&state, PushAccount::Official, &query, request).await
}

/// `POST /api/wechat/miniprogram/push`: a message or an event of the mini program.
pub(super) async fn miniprogram(
    state: State<AppState>,
    query: Query<PushQuery>,
    request: Request,
) -> Response {
    receive(&state, PushAccount::MiniProgram, &query, request).await
}

fn check(state: &AppState, account: PushAccount, query: &PushQuery) -> Response {
    match state.shop.pushes().check_url(account, query) {
        Ok(echo) => echo.to_owned().into_response(),
        Err(refused) => refuse(account, &refused),
    }
}

async fn receive(state: &AppState, account: PushAccount, query: &PushQuery, request: Request) -> Response {
    let body = match tokio::time::timeout(READ_WITHIN, to_bytes(request.into_body(), MAX_LENGTH)).await {
        Ok(Ok(body)) => body,
        Ok(Err(error)) => {
            tracing::warn!(%error, %account, "a pushed message is too long or broke off");
            return StatusCode::PAYLOAD_TOO_LARGE.into_response();
        }
        Err(_) => return StatusCode::REQUEST_TIMEOUT.into_response(),
    };
    match state.shop.pushes().receive(account, query, &body).await {
        // this answer is not encrypted, in all modes
        Ok(()) => "success".into_response(),
        Err(refused) => refuse(account, &refused),
    }
}

/// Refuses a message. WeChat sends it again, three times in all.
fn refuse(account: PushAccount, refused: &PushRefused) -> Response {
    tracing::warn!(error = %refused, %account, "a pushed message is refused");
    match refused {
        PushRefused::NotConfigured => StatusCode::NOT_FOUND,
        PushRefused::Message(_) => StatusCode::FORBIDDEN,
        PushRefused::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
    .into_response()
}
