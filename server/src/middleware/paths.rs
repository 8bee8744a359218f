use axum::{
    extract::Request,
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Bytes of a path at most: the longest of this shop's has some 80, and no file's name may be longer.
const LONGEST_PATH: usize = 255;

/// Paths that nothing here has: the file system, and the pages' router, would fail over them.
pub(crate) async fn sane_paths(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if !path.starts_with('/') {
        return StatusCode::BAD_REQUEST.into_response();
    }
    if path.len() > LONGEST_PATH {
        return StatusCode::URI_TOO_LONG.into_response();
    }
    next.run(request).await
}
