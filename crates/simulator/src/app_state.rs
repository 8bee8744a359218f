//! What all handlers share.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;
use url::Url;

use crate::{account::AccountSettings, clock::Clock, database::Database, v3::ResponseSigner};

pub(crate) type SharedState = Arc<AppState>;

/// One WeChat.
pub(crate) struct AppState {
    pub(crate) clock: Clock,
    pub(crate) addresses: Addresses,
    pub(crate) jssdk: PathBuf,
    /// Where the account's keys are as files.
    pub(crate) env_dir: Option<PathBuf>,
    /// Wakes the delivery worker: a notification is there, or the time was moved.
    pub(crate) delivery_wakeup: Notify,
    /// Wakes the one who writes the state file.
    pub(crate) changed: Notify,
    pub(crate) client: reqwest::Client,
    /// The keys of V3.
    pub(crate) signer: ResponseSigner,
    database: Mutex<Database>,
    settings: Mutex<AccountSettings>,
}

/// Where everything is.
#[derive(Clone, Debug)]
pub(crate) struct Addresses {
    /// The main listener, `http://127.0.0.1:8900`.
    pub(crate) main: String,
    pub(crate) tls: String,
    /// The phone, by the host name that makes it another site than the main listener.
    pub(crate) phone: String,
    pub(crate) shop: Url,
}

impl AppState {
    pub(crate) fn new(
        database: Database,
        signer: ResponseSigner,
        settings: AccountSettings,
        addresses: Addresses,
        jssdk: PathBuf,
        env_dir: Option<PathBuf>,
    ) -> Result<Self, reqwest::Error> {
        // the shop under development may have a certificate of its own; the system's list may be empty
        let client = reqwest::Client::builder()
            .tls_danger_accept_invalid_certs(true)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            // `Wechatpay-Timestamp`, as WeChat writes it: some receivers compare names byte for byte
            .http1_title_case_headers()
            .build()?;
        Ok(Self {
            clock: Clock::new(database.clock_ahead),
            addresses,
            jssdk,
            env_dir,
            delivery_wakeup: Notify::new(),
            changed: Notify::new(),
            client,
            signer,
            database: Mutex::new(database),
            settings: Mutex::new(settings),
        })
    }

    /// The state, to look at. Never held across an await.
    pub(crate) fn database(&self) -> MutexGuard<'_, Database> {
        self.database.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state, to change: what is written to the state file afterwards.
    pub(crate) fn database_mut(&self) -> MutexGuard<'_, Database> {
        self.changed.notify_one();
        self.database()
    }

    /// What is registered, to look at or to change.
    pub(crate) fn settings(&self) -> MutexGuard<'_, AccountSettings> {
        self.settings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
