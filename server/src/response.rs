//! The responses of handlers: JSON for programs, a page for people.

use app::{Message, messages};
use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use model::{Language, LocalizedText};
use serde::Serialize;
use serde_json::json;
use shop::ShopError;

/// Whether a browser will show the response as a page.
pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"text/html"))
}

/// A success for a program: `{"code":0,"data":…}`.
pub(crate) fn data(data: impl Serialize) -> Response {
    #[derive(Serialize)]
    struct Answer<T> {
        code: u8,
        data: T,
    }
    Json(Answer { code: 0, data }).into_response()
}

/// A refusal for a program: `{"code":N,"msg":"…"}`, with the HTTP status of the shop's table of errors.
pub(crate) fn refusal(error: &ShopError) -> Response {
    log(error);
    (status(error), Json(json!({ "code": error.code(), "msg": error.words(Language::Chinese) })))
        .into_response()
}

/// A page with the sentence of an error and a link.
pub(crate) fn page(error: &ShopError, title: LocalizedText, href: &str, action: LocalizedText) -> Response {
    log(error);
    say(status(error), title, error.sentence(), href, action)
}

/// A page with a message. The response only carries the message; `middleware::error_pages` renders the page.
pub(crate) fn say(
    status: StatusCode,
    title: LocalizedText,
    text: LocalizedText,
    href: &str,
    action: LocalizedText,
) -> Response {
    let message = Message { title, text, href: href.to_owned(), action };
    let mut response = status.into_response();
    response.extensions_mut().insert(message);
    response
}

/// The page for a visitor outside WeChat on a page that needs an openid. `desk_login` is the path of the login on a
/// computer, if there is one.
pub(crate) fn outside_wechat(desk_login: Option<&str>) -> Response {
    let title = messages::OPEN_IN_WECHAT;
    match desk_login {
        Some(path) => {
            let text = messages::SCAN_TO_LOG_IN_HINT;
            say(StatusCode::FORBIDDEN, title, text, path, messages::SCAN_TO_LOG_IN)
        }
        None => say(StatusCode::FORBIDDEN, title, messages::OPEN_IN_WECHAT_HINT, "/", messages::GO_HOME),
    }
}

/// A redirect (302) to an address of this site or of WeChat.
pub(crate) fn found(location: &str) -> Response {
    to(StatusCode::FOUND, location)
}

/// A redirect (303) after a form, to the page that shows the result.
pub(crate) fn see_other(location: &str) -> Response {
    to(StatusCode::SEE_OTHER, location)
}

fn to(status: StatusCode, location: &str) -> Response {
    match HeaderValue::try_from(location) {
        Ok(location) => (status, [(header::LOCATION, location)]).into_response(),
        Err(_) => refusal(&ShopError::BadRequest("the address holds characters that a header cannot")),
    }
}

/// The HTTP status in the shop's table of errors.
pub(crate) fn status(error: &ShopError) -> StatusCode {
    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Logs a refusal. It is an error in the log only if the fault is ours.
pub(crate) fn log(error: &ShopError) {
    if error.is_ours() {
        tracing::error!(%error, "a request failed");
    } else {
        tracing::debug!(%error, "a request was refused");
    }
}
