use std::{error, fmt};

use model::{
    ErrorCode,
    text::{TextError, TextForm, TextReader, TextWriter},
};
use server_fn::error::{FromServerFnError, ServerFnErrorErr};

use crate::text::Text;

/// Why a server function did not answer: only what a shopper may read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// What the browser does about it.
    pub code: ErrorCode,
    /// A plain sentence.
    pub message: String,
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl error::Error for ApiError {}

impl TextForm for ApiError {
    fn write(&self, to: &mut TextWriter) {
        to.put("code", self.code.as_str());
        to.put("message", &self.message);
    }

    fn read(from: &TextReader<'_>) -> Result<Self, TextError> {
        Ok(Self { code: from.parse("code")?, message: from.get("message")? })
    }
}

impl FromServerFnError for ApiError {
    type Encoder = Text;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        #[cfg(feature = "ssr")]
        refuse(&error);
        #[cfg(not(feature = "ssr"))]
        drop(error);
        Self { code: ErrorCode::TryAgain, message: offline().to_owned() }
    }
}

/// What the shopper reads where the server did not answer.
fn offline() -> &'static str {
    #[cfg(not(feature = "ssr"))]
    if crate::browser::in_english() {
        return "The network is not good. Please try again.";
    }
    "网络不太好，请稍后再试"
}

/// A call that cannot be read is the caller's mistake, not the server's.
#[cfg(feature = "ssr")]
fn refuse(error: &ServerFnErrorErr) {
    use ServerFnErrorErr::{Args, Deserialization, MissingArg};
    if matches!(error, Args(_) | Deserialization(_) | MissingArg(_))
        && let Some(response) = leptos::prelude::use_context::<leptos_axum::ResponseOptions>()
    {
        response.set_status(http::StatusCode::BAD_REQUEST);
    }
}

/// What the shop refuses, as the browser is told: with the HTTP status of the shop's table.
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
