use model::payment::PayApi;
use wechat::{
    bill::Trade,
    pay::{SubMerchant, v2, v3},
};

use super::{Gateway, to_wire};

/// An account of WeChat with the merchant number that takes its payments, and a client for each configured API version.
#[derive(Clone, Debug)]
pub struct MerchantAccount {
    appid: String,
    mch_id: String,
    sub_merchant: Option<SubMerchant>,
    v2: Option<v2::Client>,
    v3: Option<v3::Client>,
}

impl MerchantAccount {
    /// An account without a client. It can take payments after [`MerchantAccount::with_v2`] or
    /// [`MerchantAccount::with_v3`].
    #[must_use]
    pub fn new(appid: impl Into<String>, mch_id: impl Into<String>) -> Self {
        Self { appid: appid.into(), mch_id: mch_id.into(), sub_merchant: None, v2: None, v3: None }
    }

    /// Sets partner mode: the provider `mch_id` takes the payments for this merchant. `None` changes nothing.
    #[must_use]
    pub fn with_sub_merchant(self, sub_merchant: Option<SubMerchant>) -> Self {
        Self { sub_merchant, ..self }
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

    /// The number of the merchant who is paid: in partner mode the sub-merchant.
    #[must_use]
    pub fn mch_id(&self) -> &str {
        self.sub_merchant.as_ref().map_or(&self.mch_id, |sub| &sub.mch_id)
    }

    /// Whether a row of the bill belongs to this account. A provider's bill has the provider's appid.
    pub(crate) fn is_of(&self, line: &Trade) -> bool {
        let appid = self.sub_merchant.as_ref().map_or(&self.appid, |sub| &sub.provider_appid);
        *appid == line.appid && self.mch_id() == paid_merchant(line)
    }

    pub(crate) const fn v2(&self) -> Option<&v2::Client> {
        self.v2.as_ref()
    }

    pub(crate) const fn v3(&self) -> Option<&v3::Client> {
        self.v3.as_ref()
    }

    /// The gateway for attempts of this API version; `None` if the version is not configured.
    pub(crate) fn gateway(&self, api: PayApi) -> Option<Gateway> {
        match api {
            PayApi::V2(sign_type) => self.v2.clone().map(|client| Gateway::V2(client, to_wire(sign_type))),
            PayApi::V3 => self.v3.clone().map(Gateway::V3),
        }
    }
}

/// The number of the merchant who is paid in a row of the bill.
pub(crate) fn paid_merchant(line: &Trade) -> &str {
    line.sub_mch_id.as_ref().unwrap_or(&line.mch_id)
}
