use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::compression::{Encoding, FAST};

/// The largest page that this compresses, in bytes. The largest pages of the console have some hundred kilobytes.
const MAX_PAGE_BYTES: usize = 16 * 1024 * 1024;

/// Compresses each page for its visitor. Other responses pass unchanged: files are compressed already, and the rest is
/// short.
pub(crate) async fn compress_pages(request: Request, next: Next) -> Response {
    let encoding = Encoding::fastest(request.headers());
    let is_head = request.method() == Method::HEAD;
    let response = next.run(request).await;
    let headers = response.headers();
    let is_page =
        headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !is_page || headers.contains_key(header::CONTENT_ENCODING) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    parts.headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    let Some(name) = encoding.name().filter(|_| !is_head) else {
        return Response::from_parts(parts, body);
    };
    let compressed = match to_bytes(body, MAX_PAGE_BYTES).await {
        Ok(html) => encoding.compress(&html, FAST).map_err(axum::Error::new),
        Err(error) => Err(error),
    };
    match compressed {
        Ok(compressed) => {
            parts.headers.remove(header::CONTENT_LENGTH);
            parts.headers.append(header::CONTENT_ENCODING, HeaderValue::from_static(name));
            Response::from_parts(parts, Body::from(compressed))
        }
        Err(error) => {
            tracing::error!(%error, "a page could not be read or compressed");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
