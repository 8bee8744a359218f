//! `/open/js/*`: the real JS-SDK script, unchanged.

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

use crate::app_state::SharedState;

/// The script under the name that pages ask for.
pub(crate) fn routes() -> Router<SharedState> {
    Router::new().route("/open/js/jweixin-1.6.0.js", get(script))
}

async fn script(State(app): State<SharedState>) -> Response {
    match tokio::fs::read(&app.jssdk).await {
        Ok(script) => {
            ([(header::CONTENT_TYPE, "application/javascript; charset=utf-8")], script).into_response()
        }
        Err(error) => {
            let path = app.jssdk.display();
            tracing::warn!(%path, %error, "cannot read the JS-SDK script");
            let message = format!("the JS-SDK script is not at {path}: run `make setup`\n");
            (StatusCode::SERVICE_UNAVAILABLE, message).into_response()
        }
    }
}
