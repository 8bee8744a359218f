use std::{error, fmt};

use model::ErrorCode;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};

use crate::transport::TextEncoding;

/// The error of a server function: a code for the island, and a sentence for the shopper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// Tells the island what to do next.
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

/// The sentence for a call without a readable answer. In the browser it is in the page's language. The server uses it
/// only for unreadable arguments, always in Chinese, because it knows no language there.
fn no_answer() -> &'static str {
    #[cfg(not(feature = "ssr"))]
    if crate::browser::in_english() {
        return "The network is slow. Please try again.";
    }
    "网络不太好，请稍后再试"
}

/// Sets the HTTP status 400 for unreadable arguments: the mistake is the caller's, not the server's.
#[cfg(feature = "ssr")]
fn set_bad_request(error: &ServerFnErrorErr) {
    use ServerFnErrorErr::{Args, Deserialization, MissingArg};
    if matches!(error, Args(_) | Deserialization(_) | MissingArg(_))
        && let Some(response) = leptos::prelude::use_context::<leptos_axum::ResponseOptions>()
    {
        response.set_status(http::StatusCode::BAD_REQUEST);
    }
}

/// The answer for an error of the shop. Sets the HTTP status of the shop's table of errors.
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
