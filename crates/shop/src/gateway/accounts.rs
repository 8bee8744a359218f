use model::record::AttemptRecord;

use super::{Gateway, MerchantAccount};
use crate::ShopError;

/// The merchant accounts that take payments.
#[derive(Debug)]
pub(crate) struct Accounts {
    official: MerchantAccount,
    miniprogram: Option<MerchantAccount>,
}

impl Accounts {
    pub(crate) const fn new(official: MerchantAccount, miniprogram: Option<MerchantAccount>) -> Self {
        Self { official, miniprogram }
    }

    /// The merchant account of the official account.
    pub(crate) const fn official(&self) -> &MerchantAccount {
        &self.official
    }

    /// The merchant account of the mini program; [`ShopError::NoMiniProgram`] if none is configured.
    pub(crate) fn miniprogram(&self) -> Result<&MerchantAccount, ShopError> {
        self.miniprogram.as_ref().ok_or(ShopError::NoMiniProgram)
    }

    /// Whether this is the appid of the mini program.
    pub(crate) fn is_miniprogram(&self, appid: &str) -> bool {
        self.miniprogram.as_ref().is_some_and(|account| account.appid() == appid)
    }

    /// Every account.
    pub(crate) fn all(&self) -> impl Iterator<Item = &MerchantAccount> {
        std::iter::once(&self.official).chain(&self.miniprogram)
    }

    /// The account that made an attempt; [`ShopError::UnknownMerchant`] if it is no longer configured.
    pub(crate) fn of_attempt(&self, attempt: &AttemptRecord) -> Result<&MerchantAccount, ShopError> {
        self.all()
            .find(|account| account.appid() == attempt.appid && account.mch_id() == attempt.mch_id)
            .ok_or(ShopError::UnknownMerchant)
    }

    /// The gateway for the API version of an attempt; [`ShopError::UnknownMerchant`] if it is no longer configured.
    pub(crate) fn gateway_of(&self, attempt: &AttemptRecord) -> Result<Gateway, ShopError> {
        self.of_attempt(attempt)?.gateway(attempt.api).ok_or(ShopError::UnknownMerchant)
    }
}
