//! `/open/js/*`: the real JS-SDK script, unchanged.

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

use crate::app_state::SharedState;

/// The script under the name that pages request.
pub(crate) fn routes() -> Router<SharedState> {
    Router::new().route("/open/js/jweixin-1.6.0.js", get(script))
}

async fn script(State(app): State<SharedState>) -> Response {
    let Some(file) = &app.jssdk else {
        let message = "the JS-SDK script is not here: give lib/index.js of the npm package jweixin-module 1.6.0 with \
                       --jssdk, or put it beside the program as jweixin-1.6.0.js\n";
        return (StatusCode::SERVICE_UNAVAILABLE, message).into_response();
    };
    match tokio::fs::read(file).await {
        Ok(script) => {
            ([(header::CONTENT_TYPE, "application/javascript; charset=utf-8")], script).into_response()
        }
        Err(error) => {
            let path = file.display();
            tracing::warn!(%path, %error, "cannot read the JS-SDK script");
            let message = format!("cannot read the JS-SDK script {path}: {error}\n");
            (StatusCode::SERVICE_UNAVAILABLE, message).into_response()
        }
    }
}
