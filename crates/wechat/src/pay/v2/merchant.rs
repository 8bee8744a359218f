use super::SignType;
use crate::{Secret, pay::SubMerchant, wire::Fields};

/// A merchant of Pay V2. It is a plain value, so one process may have several.
///
/// ```
/// let merchant = wechat::pay::v2::Merchant::new("wxd930ea5d5a258f4f", "10000100", "192006250b4c09247ec02edce69f6a2d");
/// assert_eq!(merchant.mch_id(), "10000100");
/// assert!(!format!("{merchant:?}").contains("192006"));
/// ```
#[derive(Clone, Debug)]
pub struct Merchant {
    appid: String,
    mch_id: String,
    key: Secret,
    sub_merchant: Option<SubMerchant>,
}

impl Merchant {
    /// `appid` is the account to which the payer's openid belongs. It must be bound to `mch_id`. `key` is the APIv2
    /// key.
    #[must_use]
    pub fn new(appid: impl Into<String>, mch_id: impl Into<String>, key: impl Into<String>) -> Self {
        Self { appid: appid.into(), mch_id: mch_id.into(), key: Secret::new(key), sub_merchant: None }
    }

    /// Makes this merchant a provider (服务商) that places orders for `sub_merchant`. [`Merchant::appid`] stays the
    /// account to which the payer's openid belongs. It is the provider's account or the sub-merchant's account
    /// (`sub_appid`).
    #[must_use]
    pub fn with_sub_merchant(self, sub_merchant: SubMerchant) -> Self {
        Self { sub_merchant: Some(sub_merchant), ..self }
    }

    /// The merchant for whom this provider places orders. `None` if this merchant is not a provider.
    #[must_use]
    pub const fn sub_merchant(&self) -> Option<&SubMerchant> {
        self.sub_merchant.as_ref()
    }

    /// The account's `appid`.
    #[must_use]
    pub fn appid(&self) -> &str {
        &self.appid
    }

    /// The merchant's number.
    #[must_use]
    pub fn mch_id(&self) -> &str {
        &self.mch_id
    }

    /// The APIv2 key.
    #[must_use]
    pub const fn key(&self) -> &Secret {
        &self.key
    }

    /// The fields that every request of V2 has.
    pub(super) fn fields(&self, sign_type: SignType, nonce_str: &str) -> Fields {
        let appid = self.sub_merchant.as_ref().map_or(&self.appid, |sub| &sub.provider_appid);
        let mut fields = Fields::new().with("appid", appid).with("mch_id", &*self.mch_id);
        if let Some(sub) = &self.sub_merchant {
            fields.set("sub_mch_id", &sub.mch_id);
            if let Some(sub_appid) = self.sub_appid() {
                fields.set("sub_appid", sub_appid);
            }
        }
        fields.with("nonce_str", nonce_str).with("sign_type", sign_type.as_str())
    }

    /// The account of the sub-merchant, if shoppers log in to that account.
    pub(super) fn sub_appid(&self) -> Option<&str> {
        self.sub_merchant.as_ref()?.sub_appid(&self.appid)
    }

    /// Checks that a verified response is for this merchant.
    #[cfg(feature = "client")]
    pub(super) fn check(&self, fields: &Fields) -> Result<(), &'static str> {
        if fields.get("mch_id") != Some(&*self.mch_id) {
            return Err("the response is for another mch_id");
        }
        let word = |name| fields.get(name).filter(|value| !value.is_empty());
        let named = crate::pay::sub_merchant::NamedAccounts {
            appid: word("appid"),
            sub_appid: word("sub_appid"),
            sub_mch_id: word("sub_mch_id"),
        };
        named.check(&self.appid, self.sub_merchant.as_ref())
    }
}
