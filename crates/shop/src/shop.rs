use std::sync::Arc;

use model::{OutTradeNo, record::AttemptRecord};
use store::{Store, StoreError};
use tokio::sync::Semaphore;
use wechat::{Endpoints, Official, miniprogram::MiniProgram};

use crate::{
    Catalogue, Clock, Ids, MerchantAccount, Settings, ShopError, admin::DashboardCache, catalogue::Snapshot,
    keyed_mutex::KeyedMutex, payments::Gateway, staff::PASSWORDS_AT_ONCE, ttl_cache::TtlCache,
};

/// The shortest time between two queries that shoppers cause for one attempt, ms.
const ASK_AGAIN_MS: i64 = 900;

/// The clients of WeChat that the shop works with.
#[derive(Clone)]
pub struct Wechat {
    /// The addresses of its hosts.
    pub endpoints: Endpoints,
    /// The official account: login, `access_token`, `jsapi_ticket`.
    pub official: Official,
    /// The official account's payments.
    pub account: MerchantAccount,
    /// The mini program, and its payments.
    pub miniprogram: Option<(MiniProgram, MerchantAccount)>,
}

/// The shop: every use case is one of its methods. Cheap to clone.
#[derive(Clone)]
pub struct Shop(Arc<Inner>);

struct Inner {
    store: Store,
    catalogue: Snapshot,
    settings: Settings,
    wechat: Wechat,
    clock: Box<dyn Clock>,
    ids: Box<dyn Ids>,
    dashboard: DashboardCache,
    keyed_mutex: KeyedMutex,
    hashing: Semaphore,
    asked: TtlCache<OutTradeNo, ()>,
}

impl Shop {
    /// Opens the shop on a store. An empty store gets the catalogue `initial`.
    ///
    /// # Errors
    /// A failing database.
    pub async fn open(
        store: Store,
        initial: &Catalogue,
        settings: Settings,
        wechat: Wechat,
        clock: impl Clock,
        ids: impl Ids,
    ) -> Result<Self, StoreError> {
        let catalogue = Snapshot::load(&store, initial).await?;
        Ok(Self(Arc::new(Inner {
            store,
            catalogue,
            settings,
            wechat,
            clock: Box::new(clock),
            ids: Box::new(ids),
            dashboard: DashboardCache::default(),
            keyed_mutex: KeyedMutex::default(),
            hashing: Semaphore::new(PASSWORDS_AT_ONCE),
            asked: TtlCache::new(ASK_AGAIN_MS),
        })))
    }

    /// A snapshot of the catalogue. Keep the `Arc` to read it consistently.
    #[must_use]
    pub fn catalogue(&self) -> Arc<Catalogue> {
        self.0.catalogue.current()
    }

    pub(crate) fn snapshot(&self) -> &Snapshot {
        &self.0.catalogue
    }

    /// The merchant's settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The database.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// WeChat's hosts.
    #[must_use]
    pub fn endpoints(&self) -> &Endpoints {
        &self.0.wechat.endpoints
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.0.clock
    }

    /// The source of random numbers.
    #[must_use]
    pub fn ids(&self) -> &dyn Ids {
        &*self.0.ids
    }

    pub(crate) fn official(&self) -> &Official {
        &self.0.wechat.official
    }

    /// The official account's payments.
    pub(crate) fn account(&self) -> &MerchantAccount {
        &self.0.wechat.account
    }

    /// Every account that takes payments.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = &MerchantAccount> {
        let miniprogram = self.0.wechat.miniprogram.iter().map(|(_, account)| account);
        std::iter::once(self.account()).chain(miniprogram)
    }

    /// The mini program, if one is configured.
    pub(crate) fn miniprogram(&self) -> Result<&(MiniProgram, MerchantAccount), ShopError> {
        self.0.wechat.miniprogram.as_ref().ok_or(ShopError::NoMiniProgram)
    }

    /// The account that an attempt was made with, if it is still configured.
    pub(crate) fn account_of(&self, attempt: &AttemptRecord) -> Result<&MerchantAccount, ShopError> {
        self.accounts()
            .find(|account| account.appid() == attempt.appid && account.mch_id() == attempt.mch_id)
            .ok_or(ShopError::UnknownMerchant)
    }

    /// The gateway of an existing attempt: its own API version, if that is still configured.
    pub(crate) fn gateway_of(&self, attempt: &AttemptRecord) -> Result<Gateway, ShopError> {
        self.account_of(attempt)?.gateway(attempt.api).ok_or(ShopError::UnknownMerchant)
    }

    pub(crate) fn dashboard_cache(&self) -> &DashboardCache {
        &self.0.dashboard
    }

    /// The permits to hash a password.
    pub(crate) fn hashing_turns(&self) -> &Semaphore {
        &self.0.hashing
    }

    pub(crate) fn keyed_mutex(&self) -> &KeyedMutex {
        &self.0.keyed_mutex
    }

    /// Whether a shopper's page may query WeChat about an attempt now.
    pub(crate) fn may_ask(&self, out_trade_no: &OutTradeNo) -> bool {
        self.0.asked.entry(out_trade_no.clone(), self.clock().now_ms(), || ()).1
    }
}
