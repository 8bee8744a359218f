use std::net::IpAddr;

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use shop::ShopError;

use super::bearer;
use crate::{request_context::RequestContext, response, state::AppState};

/// The media type that Prometheus expects.
const TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// `GET /metrics`. The sales of a shop are private, so it needs a private network or a key of `SHOP_ADMIN_CLIENTS`.
pub(super) async fn metrics(
    State(state): State<AppState>,
    context: RequestContext,
    headers: HeaderMap,
) -> Response {
    let has_key = bearer(&headers).is_some_and(|key| state.admin_clients.name_of(key).is_some());
    let may_see = has_key || (is_near(context.visitor.ip) && is_known(&state, &context, &headers));
    if !may_see {
        return response::refusal(&ShopError::NotFound);
    }
    match state.metrics.text(state.shop.store(), state.shop.clock().now_ms()).await {
        Ok(text) => ([(header::CONTENT_TYPE, TEXT)], text).into_response(),
        Err(error) => response::refusal(&error.into()),
    }
}

/// Whether the address is the client's own. Behind a proxy that names no client, or that is not in
/// SHOP_TRUSTED_PROXIES, all strangers have the address of the proxy.
fn is_known(state: &AppState, context: &RequestContext, headers: &HeaderMap) -> bool {
    let by_proxy = state.proxies.trusts(context.visitor.ip);
    let unlisted_proxy = !context.over_trusted_proxy
        && (is_forwarded(headers)
            // TLS means that there is a proxy, even if it names no client
            || (state.proxies.is_empty() && state.cookies.secure));
    !by_proxy && !unlisted_proxy
}

/// Whether a header shows that a proxy forwards the request.
fn is_forwarded(headers: &HeaderMap) -> bool {
    const NAMES: [&str; 6] =
        ["forwarded", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip", "via"];
    headers
        .keys()
        .map(|name| name.as_str())
        .any(|name| name.starts_with("x-forwarded-") || NAMES.contains(&name))
}

/// Whether an address belongs to this machine or to a private network.
fn is_near(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::is_near;

    #[test]
    fn only_near_addresses_see_the_metrics_without_a_key() {
        for near in
            ["127.0.0.1", "10.1.2.3", "192.168.0.9", "172.20.0.1", "::1", "fd00::1", "::ffff:10.0.0.1"]
        {
            assert!(is_near(near.parse().unwrap()), "{near}");
        }
        for far in ["1.2.3.4", "172.32.0.1", "2001:db8::1", "::ffff:8.8.8.8"] {
            assert!(!is_near(far.parse().unwrap()), "{far}");
        }
    }
}
