//! Forwards the browser's requests to the shop, as WeChat's browser would send them.

use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Response},
};

use super::{
    bridge_script::BridgeScript,
    csp,
    phone_user::{self, PhoneUser},
    user_agent::is_wechat,
};
use crate::app_state::{AppState, SharedState};

/// Hop-by-hop headers: a proxy does not forward them (RFC 9110, 7.6.1).
const HOP_BY_HOP: [HeaderName; 6] = [
    header::CONNECTION,
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// The headers with content security policies, enforced and report-only.
const POLICIES: [HeaderName; 2] =
    [header::CONTENT_SECURITY_POLICY, header::CONTENT_SECURITY_POLICY_REPORT_ONLY];

pub(super) async fn forward_request(State(app): State<SharedState>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let phone_user = PhoneUser::of(&app, &head.headers);
    let document = is_document(&head.headers);
    let answer = forward(&app, &head, body, &phone_user, document).await;
    let Ok(answer) = answer else { return shop_unavailable(document) };
    if let Some(location) = answer.headers().get(header::LOCATION).and_then(|value| value.to_str().ok())
        && answer.status().is_redirection()
    {
        app.database().redirects.note(location, &phone_user.openid);
    }
    let inject = document && phone_user.kind.is_wechat() && is_html(answer.headers());
    let mut response = Response::builder().status(answer.status());
    let bridge = BridgeScript::of(phone_user.kind);
    if let Some(headers) = response.headers_mut() {
        copy_response_headers(answer.headers(), headers, inject.then(|| bridge.hash()).as_deref());
    }
    let body = if inject {
        match answer.bytes().await {
            Ok(page) => Body::from(bridge.into_page(&page)),
            Err(_) => return shop_unavailable(document),
        }
    } else {
        Body::from_stream(answer.bytes_stream())
    };
    response.body(body).unwrap_or_else(|_| shop_unavailable(document))
}

/// Whether the browser will show the response as a page.
fn is_document(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match text("sec-fetch-dest") {
        Some(destination) => destination == "document",
        None => text("accept").is_some_and(|accept| accept.contains("text/html")),
    }
}

/// Whether the response is readable HTML. A compressed page is forwarded unchanged.
fn is_html(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    text(header::CONTENT_TYPE).is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/html"))
        && text(header::CONTENT_ENCODING).is_none_or(|encoding| encoding.eq_ignore_ascii_case("identity"))
}

async fn forward(
    app: &AppState,
    head: &Parts,
    body: Body,
    phone_user: &PhoneUser,
    document: bool,
) -> Result<reqwest::Response, reqwest::Error> {
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    let shop = app.addresses.shop.as_str().trim_end_matches('/');
    let has_body = head.headers.contains_key(header::CONTENT_LENGTH)
        || head.headers.contains_key(header::TRANSFER_ENCODING);
    let mut request = app
        .client
        .request(head.method.clone(), format!("{shop}{path}"))
        .headers(request_headers(&head.headers, phone_user, document));
    if has_body {
        request = request.body(reqwest::Body::wrap_stream(body.into_data_stream()));
    }
    request.send().await
}

fn request_headers(received: &HeaderMap, phone_user: &PhoneUser, document: bool) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in received {
        let skipped = HOP_BY_HOP.contains(name)
            || (*name == header::USER_AGENT && !is_wechat(received))
            // the proxy can insert the bridge only into a complete page without compression
            || (document && [header::ACCEPT_ENCODING, header::IF_NONE_MATCH, header::IF_MODIFIED_SINCE].contains(name));
        if *name == header::COOKIE {
            headers.extend(phone_user::without_simulator_cookie(value).map(|value| (name.clone(), value)));
        } else if !skipped {
            headers.append(name.clone(), value.clone());
        }
    }
    if !is_wechat(received) {
        headers.append(header::USER_AGENT, HeaderValue::from_static(phone_user.kind.user_agent()));
    }
    if document {
        headers.append(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    }
    headers
}

/// Copies the end-to-end headers. `hash` is the hash of the bridge, if the page contains it: then the length is
/// another, and the content security policy must allow the hash.
fn copy_response_headers(received: &HeaderMap, headers: &mut HeaderMap, hash: Option<&str>) {
    for (name, value) in received {
        if HOP_BY_HOP.contains(name) || (hash.is_some() && *name == header::CONTENT_LENGTH) {
            continue;
        }
        let policy = hash.filter(|_| POLICIES.contains(name)).zip(value.to_str().ok());
        let allowed = policy.and_then(|(hash, policy)| HeaderValue::from_str(&csp::allow(policy, hash)).ok());
        headers.append(name.clone(), allowed.unwrap_or_else(|| value.clone()));
    }
}

/// The response while the shop is not running.
fn shop_unavailable(document: bool) -> Response {
    if !document {
        return (StatusCode::BAD_GATEWAY, Bytes::from_static(b"the shop does not answer\n")).into_response();
    }
    let page = "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
        <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
        <meta http-equiv=\"refresh\" content=\"2\"><title>小店还没有启动</title>\
        <style>body{font:17px/1.6 -apple-system,sans-serif;text-align:center;margin:25vh 24px;\
        color-scheme:light dark}</style></head><body><h2>小店还没有启动，正在重试…</h2>\
        <p>The shop is not up yet. This page tries again every two seconds.</p></body></html>";
    (StatusCode::BAD_GATEWAY, Html(page)).into_response()
}
