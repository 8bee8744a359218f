use axum::{extract::State, http::StatusCode};

use crate::state::AppState;

/// `GET /healthz`: the process is alive.
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: whether the shop can serve. Its database must answer, and it must not be stopping.
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
