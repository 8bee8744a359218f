//! Starts and stops a simulator.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    sync::Arc,
};

use axum::{
    Router,
    http::{StatusCode, Uri},
    middleware,
};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

use crate::{
    Config,
    account::{AccountSettings, RsaKeys, Seed, SeedError},
    app_state::{Addresses, AppState, SharedState},
    control, control_page,
    database::{Database, NewDatabaseError},
    env_file, faults, h5_cashier, jssdk, listener,
    listener::TlsError,
    login,
    merchants::Merchants,
    messages, notify, pay, phone, program_links, request_log, state_file, trade_management, v3,
};

/// A simulated WeChat on this machine.
#[derive(Debug)]
pub struct Simulator;

/// A running simulator. It stops when it is dropped; only [`Running::stop`] waits until its state file is written.
#[derive(Debug)]
pub struct Running {
    addresses: Addresses,
    stop: watch::Sender<()>,
    tasks: JoinSet<()>,
}

/// Why a simulator cannot start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The port is in use or not allowed.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The cause.
        source: io::Error,
    },
    /// The state file cannot be read or written.
    #[error("cannot use the state file {path}: {source}")]
    State {
        /// The state file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The key files for the shop cannot be written.
    #[error("cannot write the account's keys to {path}: {source}")]
    Env {
        /// The folder.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The keys and certificates cannot be created.
    #[error("cannot create the account's keys: {0}")]
    Keys(#[from] rcgen::Error),
    /// The seed describes accounts that are not possible.
    #[error("the seed: {0}")]
    Seed(#[from] SeedError),
    /// The keys cannot be used for the TLS listener.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The keys in the state file cannot be used for V3.
    #[error("the account's keys: {0}")]
    ResponseSigner(#[from] wechat::wire::rsa::InvalidKey),
    /// The HTTP client for notifications cannot be created.
    #[error(transparent)]
    Client(#[from] reqwest::Error),
}

impl Simulator {
    /// Starts all three listeners and serves in the background.
    ///
    /// # Errors
    /// [`StartError`] names the cause, for example a port in use or an unreadable state file.
    pub async fn start(config: Config) -> Result<Running, StartError> {
        let (state, tls_ip) = (config.state.clone(), config.tls_listen.ip());
        let (seed, rsa) = (config.seed.clone(), RsaKeys::of(config.reuse_keys));
        Self::start_with(config, load(state, tls_ip, seed, rsa)).await
    }

    /// Starts with this database, after the listeners have their ports.
    pub(crate) async fn start_with(
        config: Config,
        database: impl Future<Output = Result<Database, StartError>>,
    ) -> Result<Running, StartError> {
        let (main, main_address) = listen(config.listen).await?;
        let (tls, tls_address) = listen(config.tls_listen).await?;
        let (phone, phone_address) = listen(config.phone_listen).await?;
        let addresses = Addresses {
            main: format!("http://{main_address}"),
            tls: format!("https://{tls_address}"),
            phone: format!("http://localhost:{}", phone_address.port()),
            shop: config.shop,
        };
        let database = database.await?;
        let acceptor = listener::acceptor(&database.keys, &database.private_keys)?;
        let phone_by_number = format!("http://127.0.0.1:{}", phone_address.port());
        let mut settings = AccountSettings::for_addresses(
            &[addresses.shop.as_str(), &addresses.phone, &phone_by_number],
            config.wechat_only,
        );
        settings.take(&database.accounts.registered);
        let env_dir = match config.env_dir {
            Some(path) => {
                Some(env_file::write(&path, &database).map_err(|source| StartError::Env { path, source })?)
            }
            None => None,
        };
        let merchants = Merchants::new(&database)?;
        let app: SharedState =
            Arc::new(AppState::new(database, merchants, settings, addresses.clone(), config.jssdk, env_dir)?);
        let (stop, stopped) = watch::channel(());
        let router = router(&app);
        let mut tasks = JoinSet::new();
        tasks.spawn(listener::run(main, None, router.clone(), stopped.clone()));
        tasks.spawn(listener::run(tls, Some(acceptor), router, stopped.clone()));
        let phone_router = phone::routes().with_state(Arc::clone(&app));
        tasks.spawn(listener::run(phone, None, phone_router, stopped.clone()));
        tasks.spawn(notify::run(Arc::clone(&app), stopped.clone()));
        if let Some(path) = config.state {
            // write it once now, to find out whether it can be written
            state_file::save(&app, &path)
                .map_err(|source| StartError::State { path: path.clone(), source })?;
            tasks.spawn(state_file::run(app, path, stopped));
        }
        Ok(Running { addresses, stop, tasks })
    }
}

impl Running {
    /// The main listener: `http://127.0.0.1:8900`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.addresses.main
    }

    /// The TLS listener: `https://127.0.0.1:8943`.
    #[must_use]
    pub fn tls_url(&self) -> &str {
        &self.addresses.tls
    }

    /// The phone: `http://localhost:8901`. Its host name differs from that of the main listener, so that the two are
    /// different sites.
    #[must_use]
    pub fn phone_url(&self) -> &str {
        &self.addresses.phone
    }

    /// Stops the listeners and writes the state file.
    pub async fn stop(self) {
        let Self { stop, mut tasks, .. } = self;
        drop(stop);
        while tasks.join_next().await.is_some() {}
    }
}

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let fail = |source| StartError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(fail)?;
    let bound = listener.local_addr().map_err(fail)?;
    Ok((listener, bound))
}

/// Reads the state file. Without a file it creates the database of a first start.
async fn load(
    path: Option<PathBuf>,
    tls_ip: IpAddr,
    seed: Seed,
    rsa: RsaKeys,
) -> Result<Database, StartError> {
    let blocking = tokio::task::spawn_blocking(move || {
        if let Some(path) = path {
            let loaded = state_file::load(&path).map_err(|source| StartError::State { path, source })?;
            if let Some(database) = loaded {
                return Ok(database);
            }
        }
        Database::new(tls_ip, seed, rsa).map_err(|error| match error {
            NewDatabaseError::Keys(error) => error.into(),
            NewDatabaseError::Seed(error) => error.into(),
        })
    });
    blocking.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
}

/// The routes of the main and the TLS listener.
fn router(app: &SharedState) -> Router {
    let wechat = Router::new()
        .merge(login::routes())
        .merge(trade_management::routes())
        .merge(program_links::routes())
        .merge(messages::routes())
        .merge(pay::routes())
        .merge(v3::routes())
        .merge(h5_cashier::routes())
        .layer(middleware::from_fn_with_state(Arc::clone(app), faults::fault_layer))
        .layer(middleware::from_fn_with_state(Arc::clone(app), pay::certificate_layer))
        .layer(middleware::from_fn_with_state(Arc::clone(app), request_log::log_layer));
    let unknown = Router::new()
        .fallback(unknown)
        .layer(middleware::from_fn_with_state(Arc::clone(app), request_log::log_layer));
    Router::new()
        .merge(wechat)
        .merge(jssdk::routes())
        .merge(control::routes())
        .merge(control_page::routes())
        .merge(unknown)
        .with_state(Arc::clone(app))
}

async fn unknown(uri: Uri) -> (StatusCode, String) {
    tracing::warn!(path = uri.path(), "unknown path");
    (StatusCode::NOT_FOUND, format!("nothing is simulated at {}\n", uri.path()))
}
