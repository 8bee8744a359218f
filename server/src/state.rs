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
    config::{Programs, TrustedProxies},
    limits::Limits,
    metrics::Metrics,
    routes::SignIns,
    session::Cookies,
    visitor::Guest,
};

/// What every handler may need. Each layer of each request clones it.
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

/// What is in it.
pub(crate) struct State {
    pub(crate) shop: Shop,
    pub(crate) metrics: Metrics,
    pub(crate) cookies: Cookies,
    pub(crate) proxies: TrustedProxies,
    pub(crate) token_clients: Programs,
    pub(crate) token_limits: Limits,
    pub(crate) admin_clients: Programs,
    pub(crate) address_limits: Limits,
    pub(crate) shopper_limits: Limits,
    pub(crate) guest_limits: Limits,
    pub(crate) login_limits: Limits,
    pub(crate) sign_ins: SignIns,
    /// The configuration, as it may be shown.
    pub(crate) settings: Arc<[(&'static str, String)]>,
    pub(crate) leptos: LeptosOptions,
    pub(crate) style: app::StyleSheet,
    pub(crate) readiness: Readiness,
}

impl AppState {
    /// Whether one more login of a client's address may be passed on to WeChat now.
    pub(crate) fn may_log_in(&self, guest: &Guest) -> bool {
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

/// Whether new requests are welcome: until the server is told to stop.
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
