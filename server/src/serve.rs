use std::{future::Future, io, net::SocketAddr, time::Duration};

use app::{App, DocumentHead, Draft, InlineSources, shell};
use axum::{
    Extension, Router,
    http::{StatusCode, header::InvalidHeaderValue, request::Parts},
    middleware::{from_fn, from_fn_with_state},
    routing::get,
};
use leptos::{
    nonce::Nonce,
    prelude::{provide_context, take_context, use_context},
};
use leptos_axum::{LeptosRoutes, generate_route_list, render_app_async_with_context};
use shop::Shop;
use tokio::{net::TcpListener, sync::watch};
use tower_http::{limit::RequestBodyLimitLayer, services::ServeDir, timeout::TimeoutLayer};

use crate::{
    assets::Assets,
    config::{Config, TrustedProxies},
    connections::{self, ConnectionLimits},
    jobs,
    metrics::Metrics,
    middleware::{
        Policy, SecurityHeaders, check_path, compress_pages, content_security, error_pages, identify,
        payload_too_large, rate_limits, request_ids, require_login, same_origin, security_headers, shop_date,
    },
    rate_limiter::RateLimiter,
    readiness::Readiness,
    request_context::RequestContext,
    routes::{self, Renderer, SignIns},
    session::Cookies,
    shared_pages::{SharedPages, shared_pages},
    state::{AppState, State},
};

/// The time limit for the open requests when the server stops, and then for the running jobs.
const STOP_TIMEOUT: Duration = Duration::from_secs(10);

/// The largest number of changes of one shopper in a minute. A shopper who taps fast makes two in a second.
const CHANGES_PER_SHOPPER: u32 = 300;

/// The largest request body, in bytes. Forms, server functions and notifications are much smaller.
const MAX_BODY_BYTES: usize = 128 * 1024;

/// The time limit of a request with its body. It is longer than all calls to WeChat that a request may need.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(60);

/// The largest number of token requests of one program in a minute. A program should cache the token until it expires.
const TOKENS_PER_MINUTE: u32 = 60;

/// Why the server cannot listen.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Another program uses the port, or the address does not belong to this machine.
    #[error("cannot listen on {0}: {1} (SHOP_ADDR)")]
    Listen(SocketAddr, io::Error),
    /// The addresses of WeChat do not fit into the content security policy.
    #[error(
        "the content security policy cannot name WeChat's addresses (WECHAT_OPEN_URL, WECHAT_JSSDK_URL, WECHAT_MCH_URL): {0}"
    )]
    Policy(#[from] InvalidHeaderValue),
}

/// A server that listens, but does not answer before [`Server::run`].
pub struct Server {
    listener: TcpListener,
    router: Router,
    shop: Shop,
    readiness: Readiness,
    limits: ConnectionLimits,
    proxies: TrustedProxies,
}

impl Server {
    /// Listens on the configured address.
    ///
    /// # Errors
    /// [`ServeError`] says what to change.
    pub async fn bind(
        config: &Config,
        shop: Shop,
        metrics: Metrics,
        assets: &Assets,
    ) -> Result<Self, ServeError> {
        let listener =
            TcpListener::bind(config.addr).await.map_err(|error| ServeError::Listen(config.addr, error))?;
        let readiness = Readiness::default();
        let state = AppState::new(State {
            shop: shop.clone(),
            metrics,
            cookies: Cookies { keys: config.session_keys.clone(), secure: config.is_https() },
            proxies: config.trusted_proxies.clone(),
            token_clients: config.token_clients.clone(),
            token_limits: RateLimiter::per_minute(TOKENS_PER_MINUTE),
            admin_clients: config.admin_clients.clone(),
            address_limits: RateLimiter::per_minute(config.rate_per_address),
            shopper_limits: RateLimiter::per_minute(CHANGES_PER_SHOPPER),
            login_limits: RateLimiter::per_minute(config.logins_per_address),
            guest_limits: RateLimiter::per_minute(routes::GUESTS_PER_MINUTE),
            sign_ins: SignIns::default(),
            settings: config.redacted().into(),
            leptos: assets.options(config),
            style: assets.style().clone(),
            readiness: readiness.clone(),
        });
        let limits = ConnectionLimits::default();
        let router = router(state.clone(), assets, config.watch)?;
        // the page of a simulator with a moved clock reads the shop's clock from the responses
        let router = if config.clock_offset_s == 0 {
            router
        } else {
            router.layer(from_fn_with_state(state, shop_date))
        };
        let proxies = config.trusted_proxies.clone();
        Ok(Self { listener, router, shop, readiness, limits, proxies })
    }

    /// Sets the limits of connections.
    #[must_use]
    pub fn with_limits(self, limits: ConnectionLimits) -> Self {
        Self { limits, ..self }
    }

    /// The address on which the server listens.
    ///
    /// # Errors
    /// If the system does not know the address.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves and runs the jobs until `stop` completes; behind a load balancer it serves 2 seconds longer. Then it
    /// waits up to 10 seconds for open requests and up to 10 seconds for running jobs.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) {
        let (tell, told) = watch::channel(false);
        let (close, mut closed) = watch::channel(false);
        let certificates = tokio::spawn(jobs::keep_certificates(self.shop.payments().clone(), told.clone()));
        tokio::spawn(jobs::refresh_caches(
            self.shop.products().clone(),
            self.shop.privacy().clone(),
            told.clone(),
        ));
        let jobs = tokio::spawn(jobs::run(self.shop.jobs().clone(), told.clone()));
        tokio::spawn(async move {
            stop.await;
            let drain = self.readiness.stop();
            let _ = tell.send(true);
            tokio::time::sleep(drain).await;
            let _ = close.send(true);
        });
        let serve = connections::serve(self.listener, self.router, self.limits, self.proxies, closed.clone());
        let too_late = async move {
            let _ = closed.wait_for(|close| *close).await;
            tokio::time::sleep(STOP_TIMEOUT).await;
        };
        tokio::select! {
            () = serve => {}
            () = too_late => tracing::warn!("requests did not end in time"),
        }
        // a job that is interrupted here runs again after its lease, on any server
        let _ = tokio::time::timeout(STOP_TIMEOUT, jobs).await;
        certificates.abort();
    }
}

fn router(state: AppState, assets: &Assets, watch: bool) -> Result<Router, InvalidHeaderValue> {
    let sources = InlineSources::new(&state.style, &state.leptos);
    let policy = Policy::new(state.shop.endpoints(), &sources, watch)?;
    let headers = SecurityHeaders { https: state.cookies.secure };
    let context = {
        let state = state.clone();
        move || give_context(&state)
    };
    let document = {
        let head = DocumentHead::new(&state.style, &state.leptos, state.shop.endpoints().jssdk());
        move || shell(&head)
    };
    let render = render_app_async_with_context(context.clone(), document.clone());
    let renderer = Renderer::new(render.clone());
    let not_found = get(render);
    let files = ServeDir::new(assets.site())
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip()
        .fallback(not_found);
    let uploads = routes::shopper_uploads()
        .route_layer(from_fn_with_state(state.clone(), identify))
        .layer(Extension(renderer.clone()));
    let pages = routes::pages()
        .leptos_routes_with_context(&state, generate_route_list(App), context, document)
        // only around the routes: files need no shopper
        .route_layer(from_fn_with_state(state.clone(), identify))
        .fallback_service(files)
        .layer(Extension(renderer))
        .layer(RequestBodyLimitLayer::new(MAX_BODY_BYTES))
        // outside the body limit, because uploads have their own
        .merge(routes::uploads())
        .merge(uploads)
        .layer(from_fn_with_state(state.clone(), require_login))
        .layer(from_fn_with_state(state.clone(), rate_limits))
        // before the rate limits, so that a page of another site cannot use a shopper's allowance
        .layer(from_fn_with_state(state.clone(), same_origin))
        .layer(from_fn(payload_too_large))
        .layer(from_fn_with_state(state.clone(), error_pages))
        .layer(from_fn(check_path))
        .layer(from_fn_with_state(policy, content_security))
        .layer(from_fn_with_state(headers, security_headers))
        .layer(from_fn(compress_pages))
        .layer(from_fn_with_state(SharedPages::new(state.shop.products().clone()), shared_pages));
    let programs = routes::programs()
        .layer(RequestBodyLimitLayer::new(MAX_BODY_BYTES))
        .merge(routes::program_uploads())
        .layer(from_fn_with_state(state.clone(), rate_limits))
        .layer(from_fn_with_state(state.clone(), error_pages))
        .layer(from_fn_with_state(headers, security_headers));
    // these frequent requests pass few layers: they read no cookie, and notifications limit their body themselves
    let public = routes::public().layer(from_fn_with_state(headers, security_headers));
    Ok(pages
        .merge(programs)
        .merge(public)
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, RESPONSE_TIMEOUT))
        .layer(from_fn_with_state(state.clone(), request_ids))
        .with_state(state))
}

/// Provides the shop and the visitor to pages and server functions.
fn give_context(state: &AppState) {
    // the policy uses hashes; a nonce would make each copy of a shared page different
    take_context::<Nonce>();
    provide_context(state.shop.clone());
    if let Some(parts) = use_context::<Parts>() {
        let visitor = RequestContext::of(&parts, state).visitor;
        provide_context(visitor.language);
        provide_context(visitor);
        if let Some(draft) = parts.extensions.get::<Draft>() {
            provide_context(draft.clone());
        }
    }
}
