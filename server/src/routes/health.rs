use axum::{extract::State, http::StatusCode};

use crate::state::AppState;

/// Answers that the process is alive.
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// Answers whether the shop can serve: its database answers, and it is not stopping.
pub(super) async fn readyz(State(state): State<AppState>) -> (StatusCode, &'static str) {
    if !state.readiness.ask() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    match state.shop.store().ping().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}
