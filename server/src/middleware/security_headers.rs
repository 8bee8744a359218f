use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::Response,
};

use super::require_login::is_of_a_shopper;
use crate::routes::{OPENAPI_PATH, is_console};

/// The configuration of the headers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SecurityHeaders {
    /// Whether shoppers use TLS.
    pub(crate) https: bool,
}

/// Switches off the browser features that our pages do not use.
const PERMISSIONS: &str = "camera=(), microphone=(), geolocation=(), payment=(), usb=()";

/// Whether a response at this path may contain private data: personal data, tokens, payment parameters.
fn is_personal(path: &str) -> bool {
    is_of_a_shopper(path) || (path.starts_with("/api/") && path != OPENAPI_PATH)
}

/// Adds the security headers and `Cache-Control`. Browsers revalidate pages, and cache files with a hash in their name.
pub(crate) async fn security_headers(
    State(own): State<SecurityHeaders>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let hashed = path.starts_with("/pkg/");
    let console = is_console(path) && path != app::console::STYLE_PATH;
    let personal = is_personal(path);
    let is_post = request.method() == Method::POST;
    let mut response = next.run(request).await;
    let is_ok = response.status().is_success();
    let headers = response.headers_mut();
    let html =
        headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if console {
        set(headers, header::CACHE_CONTROL, "no-store");
        set(headers, HeaderName::from_static("x-robots-tag"), "noindex, nofollow");
    } else if personal && is_post && html {
        // with `no-store`, Chromium cannot go back to the page of a refused form: it wants to send the form again
        set(headers, header::CACHE_CONTROL, "private, no-cache");
    } else if personal {
        set(headers, header::CACHE_CONTROL, "private, no-store");
    } else if html {
        set(headers, header::CACHE_CONTROL, "no-cache");
    } else if hashed && is_ok {
        set(headers, header::CACHE_CONTROL, "public, max-age=31536000, immutable");
    }
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, header::X_FRAME_OPTIONS, "DENY");
    if own.https {
        set(headers, header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
        // windows of other sites must not access our pages; browsers ignore this header without TLS
        set(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    }
    set(headers, header::REFERRER_POLICY, "strict-origin-when-cross-origin");
    set(headers, HeaderName::from_static("permissions-policy"), PERMISSIONS);
    response
}

#[expect(clippy::disallowed_methods, reason = "one value is meant")]
fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}
