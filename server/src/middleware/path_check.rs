use axum::{
    extract::Request,
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};

/// The longest path, in bytes. The shop's longest path has about 80, and file systems do not allow longer names.
const MAX_PATH_BYTES: usize = 255;

/// Refuses paths that cannot exist here. The file system, the router of the pages or PostgreSQL would fail on some of
/// them. A browser would follow a redirect to `//pkg/` to another host.
pub(crate) async fn check_path(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if !path.starts_with('/') {
        return StatusCode::BAD_REQUEST.into_response();
    }
    if path.starts_with("//") || path.contains("%00") {
        return StatusCode::NOT_FOUND.into_response();
    }
    if request.uri().query().is_some_and(|query| query.contains("%00")) {
        return StatusCode::BAD_REQUEST.into_response();
    }
    if path.len() > MAX_PATH_BYTES {
        return StatusCode::URI_TOO_LONG.into_response();
    }
    next.run(request).await
}
