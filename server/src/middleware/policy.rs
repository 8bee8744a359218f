//! The content security policy. It names the hash of each inline script that the page really has, so it needs no
//! nonce, and the same page has the same policy.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};
use wechat::Endpoints;

/// What is the same on every page.
#[derive(Clone, Debug)]
pub(crate) struct Policy(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    scripts: String,
    rest: String,
}

/// WeChat's cashier for browsers outside it: the host of each `mweb_url`.
const H5_CASHIER: &str = "https://wx.tenpay.com";

/// Bytes of a page at most.
const LARGEST_PAGE: usize = 4 * 1024 * 1024;

impl Policy {
    pub(crate) fn new(endpoints: &Endpoints, watch: bool) -> Self {
        let origin = |url: &str| {
            url::Url::parse(url).map(|url| url.origin().ascii_serialization()).unwrap_or_default()
        };
        let (open, jssdk) = (origin(endpoints.open()), origin(endpoints.jssdk()));
        // where H5 payments go on, as WeChat says and as the configured host does
        let cashiers = format!("{H5_CASHIER} {}", origin(endpoints.mch()));
        // `cargo leptos watch` reloads the page over a socket of its own
        let reload = if watch { " ws://127.0.0.1:3001 ws://localhost:3001" } else { "" };
        Self(Arc::new(Parts {
            scripts: format!("script-src 'self' 'wasm-unsafe-eval' {jssdk}"),
            rest: format!(
                "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; \
                 connect-src 'self'{reload}; \
                 img-src 'self' data: {open} https://open.weixin.qq.com https://thirdwx.qlogo.cn; \
                 frame-src weixin: wxlocalresource:; form-action 'self' {open} {cashiers}"
            ),
        }))
    }

    fn of(&self, html: &str) -> String {
        let hashes = |element| {
            inline(html, element)
                .map(|text| format!(" 'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text))))
                .collect::<String>()
        };
        let Parts { scripts, rest } = &*self.0;
        format!("{scripts}{}; style-src 'self'{}; {rest}", hashes("script"), hashes("style"))
    }
}

/// Puts the policy on every page.
#[expect(clippy::disallowed_methods, reason = "one value is meant")]
pub(crate) async fn content_security(State(policy): State<Policy>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let kind = response.headers().get(header::CONTENT_TYPE);
    if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html")) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let html = match to_bytes(body, LARGEST_PAGE).await {
        Ok(html) => html,
        Err(error) => {
            tracing::error!(%error, "a page broke off");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let policy = policy.of(&String::from_utf8_lossy(&html));
    if let Ok(policy) = HeaderValue::try_from(policy) {
        parts.headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Response::from_parts(parts, Body::from(html))
}

/// The text of each `script` or `style` that has no `src`.
fn inline<'a>(html: &'a str, element: &str) -> impl Iterator<Item = &'a str> {
    let (begin, end) = (format!("<{element}"), format!("</{element}>"));
    let pieces: Vec<&str> = html.split(&begin).skip(1).collect();
    pieces.into_iter().filter_map(move |piece| {
        let (attributes, rest) = piece.split_once('>')?;
        let is_inline = !attributes.split_ascii_whitespace().any(|attribute| attribute.starts_with("src="));
        is_inline.then(|| rest.split(&end).next().unwrap_or_default())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_inline_script_is_named_by_its_hash_and_no_other() {
        let html = "<script src=\"/a.js\"></script><script type=\"module\">alert(1)</script>";
        assert_eq!(inline(html, "script").collect::<Vec<_>>(), ["alert(1)"]);
        let policy = Policy::new(&Endpoints::default(), false).of(html);
        assert!(policy.contains("'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"), "{policy}");
        assert_eq!(policy.matches("sha256-").count(), 1);
    }

    #[test]
    fn an_iphone_can_pay_under_it() {
        assert!(Policy::new(&Endpoints::default(), false).of("").contains("frame-src weixin:"));
    }
}
