use std::{ops::Deref, sync::Arc};

use leptos::config::LeptosOptions;
use shop::Shop;

use crate::{
    config::{ApiClients, TrustedProxies},
    metrics::Metrics,
    rate_limiter::RateLimiter,
    readiness::Readiness,
    request_context::RequestContext,
    routes::SignIns,
    session::{Cookies, Session, SessionKind},
};

/// The state of the server. It is cheap to clone, because each layer clones it for each request.
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

/// What all handlers may use.
pub(crate) struct State {
    pub(crate) shop: Shop,
    pub(crate) metrics: Metrics,
    pub(crate) cookies: Cookies,
    pub(crate) proxies: TrustedProxies,
    pub(crate) token_clients: ApiClients,
    /// Limits the reads of the access token, for each program.
    pub(crate) token_limits: RateLimiter,
    pub(crate) admin_clients: ApiClients,
    /// Limits the changes, for each IP address.
    pub(crate) address_limits: RateLimiter,
    /// Limits the changes, for each shopper.
    pub(crate) shopper_limits: RateLimiter,
    /// Limits the new guests, for each IP address.
    pub(crate) guest_limits: RateLimiter,
    /// Limits the logins that reach WeChat, for each IP address.
    pub(crate) login_limits: RateLimiter,
    pub(crate) sign_ins: SignIns,
    /// The configuration without secrets, for the console.
    pub(crate) settings: Arc<[(&'static str, String)]>,
    pub(crate) leptos: LeptosOptions,
    pub(crate) style: app::StyleSheet,
    pub(crate) readiness: Readiness,
}

impl AppState {
    /// Counts one login from this address. Returns false if the limit is reached.
    pub(crate) fn take_login(&self, context: &RequestContext) -> bool {
        let may = self.login_limits.take(&context.limit_key(), self.shop.clock().now_ms());
        if !may {
            tracing::warn!(ip = %context.visitor.ip, "too many logins from one address (SHOP_LOGINS_PER_ADDRESS)");
        }
        may
    }

    /// The session of a cookie or token. `None` if the signature is wrong, if it is too old, or if the erasure of the
    /// shopper's data has ended it.
    pub(crate) fn session(&self, signed: &str, kind: &SessionKind) -> Option<Session> {
        let session = Session::verify(signed, kind, &self.cookies.keys, self.now_s())?;
        (!self.shop.privacy().has_ended(&session.shopper, session.since_s)).then_some(session)
    }

    /// The shop's time, in seconds since 1970.
    pub(crate) fn now_s(&self) -> i64 {
        self.shop.clock().now_ms().div_euclid(1000)
    }
}

impl axum::extract::FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}
