use super::SignType;
use crate::{Secret, wire::Fields};

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
}

impl Merchant {
    /// `appid` is the account to which the payer's openid belongs. It must be bound to `mch_id`. `key` is the APIv2
    /// key.
    #[must_use]
    pub fn new(appid: impl Into<String>, mch_id: impl Into<String>, key: impl Into<String>) -> Self {
        Self { appid: appid.into(), mch_id: mch_id.into(), key: Secret::new(key) }
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
        Fields::new()
            .with("appid", &*self.appid)
            .with("mch_id", &*self.mch_id)
            .with("nonce_str", nonce_str)
            .with("sign_type", sign_type.as_str())
    }
}
