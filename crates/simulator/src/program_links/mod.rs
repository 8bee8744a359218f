//! Codes and links that open a mini program (wechat-protocol-2.md, 10).

mod code;
mod link;
mod png;

use axum::{Router, routing::any};

use crate::app_state::SharedState;

/// `/wxa/getwxacodeunlimit` and `/wxa/generate_urllink`.
pub(crate) fn routes() -> Router<SharedState> {
    Router::new()
        .route("/wxa/getwxacodeunlimit", any(code::getwxacodeunlimit))
        .route("/wxa/generate_urllink", any(link::generate_urllink))
}
