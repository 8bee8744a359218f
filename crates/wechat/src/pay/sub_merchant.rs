/// The merchant for whom a provider (服务商) places orders, in partner mode (wechat-protocol-2.md, 5). The provider's keys
/// sign the requests. An `out_trade_no` must be unique among all merchants of the provider.
///
/// ```
/// use wechat::pay::{SubMerchant, v2::Merchant};
///
/// let sub = SubMerchant { mch_id: "1900000209".into(), provider_appid: "wx8888888888888888".into() };
/// let merchant = Merchant::new("wxd930ea5d5a258f4f", "1900000109", "192006250b4c09247ec02edce69f6a2d");
/// let merchant = merchant.with_sub_merchant(sub);
/// assert_eq!((merchant.appid(), merchant.mch_id()), ("wxd930ea5d5a258f4f", "1900000109"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubMerchant {
    /// The number of this merchant: `sub_mch_id` in V2, `sub_mchid` in V3.
    pub mch_id: String,
    /// The provider's own account: `appid` in V2, `sp_appid` in V3. If shoppers log in to another account, WeChat calls
    /// that account `sub_appid`.
    pub provider_appid: String,
}

/// The accounts and the sub-merchant that a message names.
#[cfg(feature = "client")]
pub(super) struct NamedAccounts<'a> {
    /// `appid` in V2, `sp_appid` in V3.
    pub(super) appid: Option<&'a str>,
    pub(super) sub_appid: Option<&'a str>,
    pub(super) sub_mch_id: Option<&'a str>,
}

impl SubMerchant {
    /// The `sub_appid`, if shoppers log in to the account `appid`. `None` if this is the provider's own account.
    pub(super) fn sub_appid<'a>(&self, appid: &'a str) -> Option<&'a str> {
        (appid != self.provider_appid).then_some(appid)
    }
}

#[cfg(feature = "client")]
impl NamedAccounts<'_> {
    /// Checks that a message is for this account and this sub-merchant.
    ///
    /// # Errors
    /// The text says what is different.
    pub(super) fn check(&self, appid: &str, sub: Option<&SubMerchant>) -> Result<(), &'static str> {
        let expected = sub.map_or(appid, |sub| &sub.provider_appid);
        if self.appid != Some(expected) {
            return Err("the response is for another appid");
        }
        if self.sub_mch_id != sub.map(|sub| &*sub.mch_id) {
            return Err("the response is for another sub-merchant");
        }
        let sub_appid = sub.and_then(|sub| sub.sub_appid(appid));
        // WeChat may leave it out, because the order has it
        if self.sub_appid.is_some_and(|named| sub.is_none() || sub_appid.is_some_and(|own| own != named)) {
            return Err("the response is for another sub_appid");
        }
        Ok(())
    }
}
