use std::sync::Arc;

use picture_store::{PictureStore, PictureStoreError};
use shop::{
    Catalogue, CatalogueError, Clock, DatabaseTokens, MerchantAccount, PicturePlaces, Shop, SystemIds, Wechat,
};
use store::{Store, StoreError};
use wechat::{
    Http, HttpOptions, Official, Secret, Website,
    miniprogram::MiniProgram,
    pay::{
        v2,
        v3::{self, KeyRing},
    },
};

use crate::{
    Metrics,
    config::{Config, WechatConfig},
};

/// Why the shop cannot start. The text says what to change.
#[derive(Debug, thiserror::Error)]
pub enum StartupError {
    /// The HTTP client cannot be built.
    #[error("connections to WeChat cannot be made (does the machine have ca-certificates?): {0}")]
    Http(wechat::Error),
    /// The merchant's certificate cannot be used.
    #[error(
        "WECHAT_MERCHANT_CERT_FILE and WECHAT_MERCHANT_KEY_FILE cannot be used together (`server doctor` says more): {0}"
    )]
    Certificate(wechat::Error),
    /// A place of pictures cannot be used.
    #[error("SHOP_PICTURES or SHOP_PICTURES_FROM cannot be used: {0}")]
    Pictures(#[from] PictureStoreError),
    /// The database cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The catalogue of the repository, for the first start, is wrong.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
}

/// Opens the database, fills it at the first start, and builds the shop with its clients of WeChat. The metrics count
/// their calls.
///
/// # Errors
/// [`StartupError`] says what is missing.
pub async fn open_shop(config: &Config, clock: impl Clock, metrics: &Metrics) -> Result<Shop, StartupError> {
    let wechat = &config.wechat;
    let watch = |http: Http| http.with_observer(Arc::new(metrics.clone()));
    let http = plain(wechat).map(watch).map_err(StartupError::Http)?;
    let certified = certified(wechat).map_err(StartupError::Certificate)?.map(watch);
    let store = Store::open(&config.database_url.0).await?.with_data_keys(config.data_keys.clone()).await?;
    let store = store.with_time_ahead(config.clock().ahead_ms);
    let store = match &config.read_database_url {
        Some(url) => store.with_standby(&url.0)?,
        None => store,
    };
    if config.clock_offset_s != 0 {
        tracing::warn!(
            seconds = config.clock_offset_s,
            "SHOP_CLOCK_OFFSET_S: the shop's clock is moved forward"
        );
    }
    if config.data_keys.is_empty() {
        tracing::warn!(
            "SHOP_DATA_KEYS is not set: second factors and WeChat's tokens are in the database in plain text. Set it to \
             the output of `openssl rand -hex 32`, and keep a copy"
        );
    }
    let official = |appid: &str, secret: &Secret| {
        let (endpoints, tokens) = (wechat.endpoints.clone(), Arc::new(DatabaseTokens(store.clone())));
        Official::with_store(http.clone(), endpoints, appid, secret.clone(), wechat.token_mode, tokens)
    };
    // both accounts share one key ring, so a certificate that one client downloads also serves the other one
    let keys = KeyRing::new();
    let account = |appid: &str| account(wechat, &http, certified.as_ref(), &keys, appid);
    let clients = Wechat {
        official: official(&wechat.appid, &wechat.secret),
        account: account(&wechat.appid),
        miniprogram: wechat
            .miniprogram
            .as_ref()
            .map(|(appid, secret)| (MiniProgram::new(official(appid, secret)), account(appid))),
        website: wechat.website.as_ref().map(|(appid, secret)| Website::new(official(appid, secret))),
        endpoints: wechat.endpoints.clone(),
        pushes: wechat.pushes.clone(),
    };
    let pictures = PicturePlaces {
        place: PictureStore::open(&config.pictures.place)?,
        from: PictureStore::open(&config.pictures.from)?,
    };
    let catalogue = Catalogue::built_in()?;
    Ok(Shop::open(store, &catalogue, config.shop.clone(), clients, pictures, clock, SystemIds).await?)
}

/// The HTTP client for WeChat, without the merchant's certificate.
pub(crate) fn plain(config: &WechatConfig) -> Result<Http, wechat::Error> {
    Http::new(&options(config))
}

/// The HTTP client with the merchant's certificate, if there is one.
pub(crate) fn certified(config: &WechatConfig) -> Result<Option<Http>, wechat::Error> {
    let certificate = config.client_certificate.as_ref();
    certificate
        .map(|(certificate, key)| Http::with_client_certificate(&options(config), certificate, key.expose()))
        .transpose()
}

fn options(config: &WechatConfig) -> HttpOptions {
    HttpOptions { ca_pem: config.ca_pem.clone().map(String::into_bytes), ..HttpOptions::default() }
}

/// The payments of one `appid`, with a client for each configured API version.
fn account(
    config: &WechatConfig,
    http: &Http,
    certified: Option<&Http>,
    keys: &KeyRing,
    appid: &str,
) -> MerchantAccount {
    let mut account =
        MerchantAccount::new(appid, &*config.mch_id).with_sub_merchant(config.sub_merchant.clone());
    if let Some(client) = v2_client(config, http, certified, appid) {
        account = account.with_v2(client);
    }
    if let Some(client) = v3_client(config, http, keys, appid) {
        account = account.with_v3(client);
    }
    account
}

/// The client of Pay V2, if its key is set.
pub(crate) fn v2_client(
    config: &WechatConfig,
    http: &Http,
    certified: Option<&Http>,
    appid: &str,
) -> Option<v2::Client> {
    let key = config.api_v2_key.as_ref()?;
    let mut merchant = v2::Merchant::new(appid, &*config.mch_id, key.expose());
    if let Some(sub) = &config.sub_merchant {
        merchant = merchant.with_sub_merchant(sub.clone());
    }
    let client = v2::Client::new(http.clone(), config.endpoints.clone(), merchant);
    Some(match certified {
        Some(certified) => client.with_certificate(certified.clone()),
        None => client,
    })
}

/// The client of Pay V3, if it is configured. Adds the WeChat Pay public key to the key ring.
pub(crate) fn v3_client(
    config: &WechatConfig,
    http: &Http,
    keys: &KeyRing,
    appid: &str,
) -> Option<v3::Client> {
    let pay = config.pay_v3.as_ref()?;
    if let Some((id, key)) = &pay.public_key {
        keys.add_public_key(id, key.clone());
    }
    let mut merchant = v3::Merchant::new(appid, pay.credential.clone(), pay.api_v3_key.clone());
    if let Some(sub) = &config.sub_merchant {
        merchant = merchant.with_sub_merchant(sub.clone());
    }
    Some(v3::Client::new(http.clone(), config.endpoints.clone(), merchant, keys.clone()))
}
