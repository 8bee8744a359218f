//! The state that all request handlers share.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};

use tokio::sync::Notify;
use url::Url;

use crate::{
    account::AccountSettings, clock::Clock, database::Database, merchants::Merchants,
    request_log::RequestLog, worlds::Worlds,
};

pub(crate) type SharedState = Arc<AppState>;

/// The state of one simulator.
pub(crate) struct AppState {
    pub(crate) clock: Clock,
    pub(crate) addresses: Addresses,
    pub(crate) jssdk: Option<PathBuf>,
    /// The folder with the account's keys as files.
    pub(crate) env_dir: Option<PathBuf>,
    /// Wakes the delivery worker: there is a new notification, or the clock was moved.
    pub(crate) delivery_wakeup: Notify,
    /// Wakes the task that writes the state file.
    pub(crate) changed: Notify,
    pub(crate) client: reqwest::Client,
    pub(crate) requests: RequestLog,
    /// The worlds that this simulator has started. They end with it.
    pub(crate) worlds: Worlds,
    /// The merchants with their keys, ready to use.
    merchants: RwLock<Arc<Merchants>>,
    database: Mutex<Database>,
    settings: Mutex<AccountSettings>,
    /// The settings at the start, for a reset.
    first_settings: AccountSettings,
}

/// The addresses of the listeners and of the shop.
#[derive(Clone, Debug)]
pub(crate) struct Addresses {
    /// The main listener, `http://127.0.0.1:8900`.
    pub(crate) main: String,
    pub(crate) tls: String,
    /// The phone. Its host name is not the one of the main listener, so a browser sees two sites.
    pub(crate) phone: String,
    pub(crate) shop: Url,
}

impl AppState {
    pub(crate) fn new(
        database: Database,
        merchants: Merchants,
        settings: AccountSettings,
        addresses: Addresses,
        jssdk: Option<PathBuf>,
        env_dir: Option<PathBuf>,
    ) -> Result<Self, reqwest::Error> {
        let clock = Clock::new(database.clock_ahead, database.shop_clock_ahead);
        let settings = AccountSettings { key_change_at: clock.now(), ..settings };
        // a shop under development may have its own certificate, and the system may have no certificates at all
        let client = reqwest::Client::builder()
            .tls_danger_accept_invalid_certs(true)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            // write `Wechatpay-Timestamp` as WeChat does: some receivers compare header names byte for byte
            .http1_title_case_headers()
            .build()?;
        Ok(Self {
            clock,
            addresses,
            jssdk,
            env_dir,
            delivery_wakeup: Notify::new(),
            changed: Notify::new(),
            client,
            merchants: RwLock::new(Arc::new(merchants)),
            requests: RequestLog::default(),
            worlds: Worlds::default(),
            database: Mutex::new(database),
            first_settings: settings.clone(),
            settings: Mutex::new(settings),
        })
    }

    /// Locks the database for reading. Do not hold it across an await.
    pub(crate) fn database(&self) -> MutexGuard<'_, Database> {
        self.database.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Locks the database for changes, which are then written to the state file.
    pub(crate) fn database_mut(&self) -> MutexGuard<'_, Database> {
        self.changed.notify_one();
        self.database()
    }

    /// Returns to the state of the start. The accounts and their keys stay.
    pub(crate) fn reset(&self) {
        let mut db = self.database_mut();
        let fresh = Database::with_accounts(db.keys.clone(), db.private_keys.clone(), db.accounts.clone());
        *db = Database { resets: db.resets + 1, ..fresh };
        drop(db);
        self.clock.set(0, 0);
        *self.settings() = self.first_settings.clone();
        self.requests.clear();
        self.delivery_wakeup.notify_one();
    }

    /// Replaces all data. If the snapshot has other keys, changes nothing and returns false.
    pub(crate) fn restore(&self, snapshot: Database) -> bool {
        let mut db = self.database_mut();
        if db.keys.platform_cert_pem != snapshot.keys.platform_cert_pem {
            return false;
        }
        let Ok(merchants) = Merchants::new(&snapshot) else { return false };
        self.replace_merchants(merchants);
        self.clock.set(snapshot.clock_ahead, snapshot.shop_clock_ahead);
        *db = Database { resets: db.resets + 1, ..snapshot };
        drop(db);
        self.delivery_wakeup.notify_one();
        true
    }

    /// The merchants.
    pub(crate) fn merchants(&self) -> Arc<Merchants> {
        Arc::clone(&self.merchants.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn replace_merchants(&self, merchants: Merchants) {
        *self.merchants.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(merchants);
    }

    /// Locks the settings of the account.
    pub(crate) fn settings(&self) -> MutexGuard<'_, AccountSettings> {
        self.settings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
