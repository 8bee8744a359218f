use model::payment::PayApi;
use wechat::pay::{v2, v3};

use super::{Gateway, to_wire};

/// An `appid` with its merchant number, and a client for each configured API version.
#[derive(Clone, Debug)]
pub struct MerchantAccount {
    appid: String,
    mch_id: String,
    v2: Option<v2::Client>,
    v3: Option<v3::Client>,
}

impl MerchantAccount {
    /// An account without a client. It takes no payments yet.
    #[must_use]
    pub fn new(appid: impl Into<String>, mch_id: impl Into<String>) -> Self {
        Self { appid: appid.into(), mch_id: mch_id.into(), v2: None, v3: None }
    }

    /// Adds a client of Pay V2.
    #[must_use]
    pub fn with_v2(self, client: v2::Client) -> Self {
        Self { v2: Some(client), ..self }
    }

    /// Adds a client of Pay V3.
    #[must_use]
    pub fn with_v3(self, client: v3::Client) -> Self {
        Self { v3: Some(client), ..self }
    }

    /// The `appid`.
    #[must_use]
    pub fn appid(&self) -> &str {
        &self.appid
    }

    /// The merchant's number.
    #[must_use]
    pub fn mch_id(&self) -> &str {
        &self.mch_id
    }

    pub(crate) const fn v2(&self) -> Option<&v2::Client> {
        self.v2.as_ref()
    }

    pub(crate) const fn v3(&self) -> Option<&v3::Client> {
        self.v3.as_ref()
    }

    /// The gateway for attempts of this API version, if it is configured.
    pub(crate) fn gateway(&self, api: PayApi) -> Option<Gateway> {
        match api {
            PayApi::V2(sign_type) => self.v2.clone().map(|client| Gateway::V2(client, to_wire(sign_type))),
            PayApi::V3 => self.v3.clone().map(Gateway::V3),
        }
    }
}
