//! The content security policy. It contains the hashes of our own inline scripts and styles, so browsers do not run
//! injected ones. The server computes the hashes at its start.

use std::{collections::BTreeSet, sync::Arc};

use app::InlineSources;
use axum::{
    extract::{Request, State},
    http::{HeaderValue, header, header::InvalidHeaderValue},
    middleware::Next,
    response::Response,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};
use wechat::Endpoints;

use crate::routes::is_console;

/// The two values of the header, for the shop and for the console. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Policy(Arc<Values>);

#[derive(Debug)]
struct Values {
    shop: HeaderValue,
    console: HeaderValue,
}

/// The host of WeChat's cashier for browsers outside WeChat: every `mweb_url` has it.
const H5_CASHIER: &str = "https://wx.tenpay.com";

impl Policy {
    /// # Errors
    /// If the address of an endpoint has characters that a header cannot contain.
    pub(crate) fn new(
        endpoints: &Endpoints,
        sources: &InlineSources,
        watch: bool,
    ) -> Result<Self, InvalidHeaderValue> {
        let origin = |url: &str| {
            url::Url::parse(url).map(|url| url.origin().ascii_serialization()).unwrap_or_default()
        };
        let (open, jssdk) = (origin(endpoints.open()), origin(endpoints.jssdk()));
        // an H5 payment continues at WeChat's cashier, or at the host of a simulator
        let cashiers = format!("{H5_CASHIER} {}", origin(endpoints.mch()));
        // `cargo leptos watch` reloads the page over its own socket
        let reload = if watch { " ws://127.0.0.1:3001 ws://localhost:3001" } else { "" };
        let scripts: BTreeSet<String> = sources.scripts.iter().map(|script| hash(script)).collect();
        let scripts: String = scripts.iter().map(|hash| format!(" {hash}")).collect();
        let styles: String = sources.styles.iter().map(|style| format!(" {}", hash(style))).collect();
        let style = format!("style-src 'self'{styles}");
        // on an iPhone WeChat's bridge opens frames at `weixin:` on every page, and WeChat draws open tags in a frame
        // at `webcompt:`
        let everywhere = "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; \
                          frame-src weixin: wxlocalresource: webcompt:";
        let shop = format!(
            "script-src 'self' 'wasm-unsafe-eval' {jssdk}{scripts}; {style}; {everywhere}; connect-src 'self'{reload}; \
             img-src 'self' data: {open} https://open.weixin.qq.com https://thirdwx.qlogo.cn; \
             form-action 'self' {open} {cashiers}"
        );
        let console = format!("script-src 'none'; {style}; {everywhere}; form-action 'self'");
        Ok(Self(Arc::new(Values { shop: shop.try_into()?, console: console.try_into()? })))
    }
}

/// The hash of a text, in the form of the policy.
fn hash(text: &str) -> String {
    format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)))
}

/// Adds the policy to every page.
#[expect(clippy::disallowed_methods, reason = "one value is meant")]
pub(crate) async fn content_security(State(policy): State<Policy>, request: Request, next: Next) -> Response {
    let console = is_console(request.uri().path());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let kind = headers.get(header::CONTENT_TYPE);
    if kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html")) {
        let value = if console { &policy.0.console } else { &policy.0.shop };
        headers.insert(header::CONTENT_SECURITY_POLICY, value.clone());
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy() -> Policy {
        let sources = InlineSources { scripts: vec!["alert(1)".to_owned()], styles: vec!["a{}".to_owned()] };
        Policy::new(&Endpoints::default(), &sources, false).unwrap()
    }

    #[test]
    fn each_script_of_ours_is_named_by_its_hash_and_no_other() {
        let policy = policy();
        let shop = policy.0.shop.to_str().unwrap();
        assert!(shop.contains("'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"), "{shop}");
        assert_eq!(shop.matches("sha256-").count(), 2, "one script, one style: {shop}");
        assert!(!shop.contains("unsafe-inline"), "{shop}");
    }

    #[test]
    fn the_console_runs_no_script() {
        let policy = policy();
        let console = policy.0.console.to_str().unwrap();
        assert!(console.starts_with("script-src 'none';") && !console.contains("wasm"), "{console}");
    }

    #[test]
    fn the_policy_allows_an_iphone_to_pay() {
        let policy = policy();
        for value in [&policy.0.shop, &policy.0.console] {
            assert!(value.to_str().unwrap().contains("frame-src weixin:"));
        }
    }
}
