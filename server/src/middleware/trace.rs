use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use tracing::{Instrument, field};

use crate::state::AppState;

/// The header of the response with the request id, to find the lines in the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives each request an id. All lines of the log about this request have the id, also those about its calls to WeChat.
/// Lines about a payment also have its `out_trade_no`.
pub(crate) async fn request_ids(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut bytes = [0; 8];
    state.shop.ids().fill(&mut bytes);
    let id = hex::encode(bytes);
    let (method, path) = (request.method().clone(), logged(request.uri().path()));
    let span = tracing::info_span!("request", request_id = id, %method, path, status = field::Empty);
    let answered = async {
        let response = next.run(request).await;
        tracing::debug!(status = response.status().as_u16(), "answered");
        response
    };
    let mut response = answered.instrument(span.clone()).await;
    span.record("status", response.status().as_u16());
    if let Ok(id) = HeaderValue::try_from(id) {
        response.headers_mut().append(REQUEST_ID, id);
    }
    response
}

/// The path for the log, without the secret of a link. A person with the secret may pay an order, or set the password
/// of an account.
fn logged(path: &str) -> String {
    ["/link/", "/console/join/"]
        .into_iter()
        .find_map(|part| path.split_once(part).map(|(before, _)| format!("{before}{part}…")))
        .unwrap_or_else(|| path.to_owned())
}
