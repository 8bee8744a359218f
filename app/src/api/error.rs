use std::{error, fmt};

use model::ErrorCode;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};

use crate::transport::TextEncoding;

/// Why a server function failed: what the island does next, and what the shopper reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// What the island does next.
    pub code: ErrorCode,
    /// The sentence that the shopper reads.
    pub message: String,
}

model::text_form!(ApiError { code: "code", message: "message" });

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl error::Error for ApiError {}

impl FromServerFnError for ApiError {
    type Encoder = TextEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        #[cfg(feature = "ssr")]
        set_bad_request(&error);
        #[cfg(not(feature = "ssr"))]
        drop(error);
        Self { code: ErrorCode::TryAgain, message: no_answer().to_owned() }
    }
}

/// The sentence for a call that failed on its way. The server sends it only for arguments that it cannot read, in Chinese, because
/// it has no language there.
fn no_answer() -> &'static str {
    #[cfg(not(feature = "ssr"))]
    if crate::browser::in_english() {
        return "The network is slow. Please try again.";
    }
    "网络不太好，请稍后再试"
}

/// Answers 400 where the arguments cannot be read: the caller made the mistake, not the server.
#[cfg(feature = "ssr")]
fn set_bad_request(error: &ServerFnErrorErr) {
    use ServerFnErrorErr::{Args, Deserialization, MissingArg};
    if matches!(error, Args(_) | Deserialization(_) | MissingArg(_))
        && let Some(response) = leptos::prelude::use_context::<leptos_axum::ResponseOptions>()
    {
        response.set_status(http::StatusCode::BAD_REQUEST);
    }
}

/// The answer for an error of the shop, with the HTTP status of the shop's table.
#[cfg(feature = "ssr")]
impl From<shop::ShopError> for ApiError {
    fn from(error: shop::ShopError) -> Self {
        if error.is_ours() {
            tracing::error!(%error, "a server function failed");
        }
        if let (Some(response), Ok(status)) = (
            leptos::prelude::use_context::<leptos_axum::ResponseOptions>(),
            http::StatusCode::from_u16(error.status()),
        ) {
            response.set_status(status);
        }
        Self { code: error.for_browser(), message: crate::messages::t(error.sentence()).to_owned() }
    }
}
