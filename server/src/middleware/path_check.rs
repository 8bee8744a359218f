use axum::{
    extract::Request,
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Bytes of a path at most: the longest of this shop's has some 80, and no file's name may be longer.
const LONGEST_PATH: usize = 255;

/// Refuses addresses that nothing here has. The file system, the pages' router and PostgreSQL's texts would fail over them; and a
/// browser reads a redirect to `//pkg/` as one to another host.
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
    if path.len() > LONGEST_PATH {
        return StatusCode::URI_TOO_LONG.into_response();
    }
    next.run(request).await
}
