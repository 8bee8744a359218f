use std::{
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use leptos::config::LeptosOptions;
use shop::Shop;

use crate::{
    config::{ApiClients, TrustedProxies},
    metrics::Metrics,
    rate_limiter::RateLimiter,
    request_context::RequestContext,
    routes::SignIns,
    session::Cookies,
};

/// The state of the server. Each layer of each request clones it.
#[derive(Clone)]
pub(crate) struct AppState(Arc<State>);

impl AppState {
    pub(crate) fn new(state: State) -> Self {
        Self(Arc::new(state))
    }
}

impl Deref for AppState {
    type Target = State;

    fn deref(&self) -> &State {
        &self.0
    }
}

/// The content of the state.
pub(crate) struct State {
    pub(crate) shop: Shop,
    pub(crate) metrics: Metrics,
    pub(crate) cookies: Cookies,
    pub(crate) proxies: TrustedProxies,
    pub(crate) token_clients: ApiClients,
    pub(crate) token_limits: RateLimiter,
    pub(crate) admin_clients: ApiClients,
    pub(crate) address_limits: RateLimiter,
    pub(crate) shopper_limits: RateLimiter,
    pub(crate) guest_limits: RateLimiter,
    pub(crate) login_limits: RateLimiter,
    pub(crate) sign_ins: SignIns,
    /// The configuration without secrets.
    pub(crate) settings: Arc<[(&'static str, String)]>,
    pub(crate) leptos: LeptosOptions,
    pub(crate) style: app::StyleSheet,
    pub(crate) readiness: Readiness,
}

impl AppState {
    /// Whether another login from the client's address may reach WeChat now.
    pub(crate) fn may_log_in(&self, guest: &RequestContext) -> bool {
        let may = self.login_limits.take(&guest.limit_key(), self.shop.clock().now_ms());
        if !may {
            tracing::warn!(ip = %guest.visitor.ip, "too many logins from one address (SHOP_LOGINS_PER_ADDRESS)");
        }
        may
    }

    /// Seconds since 1970.
    pub(crate) fn now_s(&self) -> i64 {
        self.shop.clock().now_ms().div_euclid(1000)
    }
}

impl axum::extract::FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}

/// Whether the server accepts new requests: until it begins to stop.
#[derive(Clone, Debug, Default)]
pub(crate) struct Readiness(Arc<AtomicBool>);

impl Readiness {
    pub(crate) fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
