use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

/// What depends on the configuration.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Headers {
    /// Whether shoppers come over TLS.
    pub(crate) https: bool,
}

/// Pages are asked for again, hashed files never; and what browsers are to keep to.
pub(crate) async fn answer_headers(State(own): State<Headers>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let hashed = path.starts_with("/pkg/");
    let console = (path == "/console" || path.starts_with("/console/")) && path != app::console::STYLE_PATH;
    let mut response = next.run(request).await;
    let is_ok = response.status().is_success();
    let headers = response.headers_mut();
    let html =
        headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if console {
        set(headers, header::CACHE_CONTROL, "no-store");
        set(headers, HeaderName::from_static("x-robots-tag"), "noindex, nofollow");
    } else if html {
        set(headers, header::CACHE_CONTROL, "no-cache");
    } else if hashed && is_ok {
        set(headers, header::CACHE_CONTROL, "public, max-age=31536000, immutable");
    }
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, header::X_FRAME_OPTIONS, "DENY");
    if own.https {
        set(headers, header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    set(headers, header::REFERRER_POLICY, "strict-origin-when-cross-origin");
    response
}

#[expect(clippy::disallowed_methods, reason = "one value is meant")]
fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}
