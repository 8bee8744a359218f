use std::{io, net::SocketAddr, path::PathBuf, sync::Arc};

use axum::{
    Router,
    http::{StatusCode, Uri},
    middleware,
};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

use crate::{
    Config,
    account::AccountSettings,
    app_state::{Addresses, AppState, SharedState},
    control,
    database::Database,
    env_file, faults, h5_cashier, jssdk, listener,
    listener::TlsError,
    login, notify, page, pay, phone, state_file, v3,
};

/// A local WeChat.
#[derive(Debug)]
pub struct Simulator;

/// A simulator that runs until it is stopped or dropped.
#[derive(Debug)]
pub struct Running {
    addresses: Addresses,
    stop: watch::Sender<()>,
    tasks: JoinSet<()>,
}

/// Why a simulator does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// A port is taken, or not ours to take.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The state file cannot be read or written.
    #[error("cannot keep the state in {path}: {source}")]
    State {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The keys cannot be written for the shop.
    #[error("cannot write the account's keys to {path}: {source}")]
    Env {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Keys and certificates cannot be made.
    #[error("cannot make the account's keys: {0}")]
    Keys(#[from] rcgen::Error),
    /// The TLS listener cannot be made from them.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The keys in the state file are not of the kind that V3 signs with.
    #[error("the account's keys: {0}")]
    ResponseSigner(#[from] wechat::wire::rsa::InvalidKey),
    /// The client that delivers notifications cannot be made.
    #[error(transparent)]
    Client(#[from] reqwest::Error),
}

impl Simulator {
    /// Listens on all three addresses and serves in the background.
    ///
    /// # Errors
    /// A port that is taken, or a state file that cannot be read.
    pub async fn start(config: Config) -> Result<Running, StartError> {
        let (main, main_address) = listen(config.listen).await?;
        let (tls, tls_address) = listen(config.tls_listen).await?;
        let (phone, phone_address) = listen(config.phone_listen).await?;
        let addresses = Addresses {
            main: format!("http://{main_address}"),
            tls: format!("https://{tls_address}"),
            phone: format!("http://localhost:{}", phone_address.port()),
            shop: config.shop,
        };
        let database = load(config.state.clone()).await?;
        let acceptor = listener::acceptor(&database.keys, &database.private_keys)?;
        let phone_by_number = format!("http://127.0.0.1:{}", phone_address.port());
        let settings = AccountSettings::for_addresses(
            &[addresses.shop.as_str(), &addresses.phone, &phone_by_number],
            config.wechat_only,
        );
        let env_dir = match config.env_dir {
            Some(path) => Some(
                env_file::write(&path, &database.keys).map_err(|source| StartError::Env { path, source })?,
            ),
            None => None,
        };
        let signer = v3::ResponseSigner::new(&database.keys, &database.private_keys)?;
        let app: SharedState =
            Arc::new(AppState::new(database, signer, settings, addresses.clone(), config.jssdk, env_dir)?);
        let (stop, stopped) = watch::channel(());
        let router = router(&app);
        let mut tasks = JoinSet::new();
        tasks.spawn(listener::run(main, None, router.clone(), stopped.clone()));
        tasks.spawn(listener::run(tls, Some(acceptor), router, stopped.clone()));
        let phone_router = phone::routes().with_state(Arc::clone(&app));
        tasks.spawn(listener::run(phone, None, phone_router, stopped.clone()));
        tasks.spawn(notify::run(Arc::clone(&app), stopped.clone()));
        if let Some(path) = config.state {
            // a file that cannot be written is found out now
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

    /// The phone, by a host name that makes it another site than the main listener: `http://localhost:8901`.
    #[must_use]
    pub fn phone_url(&self) -> &str {
        &self.addresses.phone
    }

    /// Stops listening, writes the state a last time.
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

/// The state of the file, or that of a first start.
async fn load(path: Option<PathBuf>) -> Result<Database, StartError> {
    let blocking = tokio::task::spawn_blocking(move || {
        if let Some(path) = path {
            let loaded = state_file::load(&path).map_err(|source| StartError::State { path, source })?;
            if let Some(database) = loaded {
                return Ok(database);
            }
        }
        Ok(Database::new()?)
    });
    blocking.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
}

/// What the main and the TLS listener answer.
fn router(app: &SharedState) -> Router {
    let wechat = Router::new()
        .merge(login::routes())
        .merge(pay::routes())
        .merge(v3::routes())
        .merge(h5_cashier::routes())
        .layer(middleware::from_fn_with_state(Arc::clone(app), faults::fault_layer))
        .layer(middleware::from_fn_with_state(Arc::clone(app), pay::certificate_layer));
    Router::new()
        .merge(wechat)
        .merge(jssdk::routes())
        .merge(control::routes())
        .merge(page::routes())
        .fallback(unknown)
        .with_state(Arc::clone(app))
}

async fn unknown(uri: Uri) -> (StatusCode, String) {
    tracing::warn!(path = uri.path(), "nothing is simulated here");
    (StatusCode::NOT_FOUND, format!("nothing is simulated at {}\n", uri.path()))
}
