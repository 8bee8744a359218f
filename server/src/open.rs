use shop::{Catalogue, CatalogueError, Clock, Shop, Store, StoreError, SystemIds, Wechat};
use wechat::{
    Http, HttpOptions, Official,
    pay::v2::{Client, Merchant},
};

use crate::config::Config;

/// The shop cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file of `WECHAT_CA_FILE`.
    #[error("WECHAT_CA_FILE cannot be read: {0}")]
    CaFile(std::io::Error),
    /// The connections to WeChat cannot be made.
    #[error("connections to WeChat cannot be made (does the machine have ca-certificates?): {0}")]
    Http(wechat::Error),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The catalogue of the repository.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
}

/// Opens the database, fills it at the first start, and joins the shop to WeChat.
///
/// # Errors
/// [`OpenError`] says what is missing.
pub async fn open_shop(config: &Config, clock: impl Clock) -> Result<Shop, OpenError> {
    let wechat = &config.wechat;
    let ca_pem = wechat.ca_file.as_ref().map(std::fs::read).transpose().map_err(OpenError::CaFile)?;
    let http = Http::new(&HttpOptions { ca_pem, ..HttpOptions::default() }).map_err(OpenError::Http)?;
    let endpoints = wechat.endpoints.clone();
    let merchant = Merchant::new(&*wechat.appid, &*wechat.mch_id, wechat.api_v2_key.expose());
    let clients = Wechat {
        official: Official::new(
            http.clone(),
            endpoints.clone(),
            &*wechat.appid,
            wechat.secret.clone(),
            wechat.token_mode,
        ),
        pay_v2: Client::new(http, endpoints.clone(), merchant),
        endpoints,
    };
    let store = Store::open(&config.database_url.0).await?;
    Ok(Shop::open(store, &Catalogue::built_in()?, config.shop.clone(), clients, clock, SystemIds).await?)
}
