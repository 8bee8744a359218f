//! The demo account: a service account, a mini program and a merchant.

mod keys;
mod settings;

use serde::Serialize;

pub(crate) use keys::{Keys, PrivateKeys};
pub(crate) use settings::{
    AccountSettings, EarlyClose, MAX_PAY_DIRECTORIES, PlatformKeys, PlatformRefundNotice, RefundPause,
    ShortExpiry,
};

/// The service account.
pub(crate) const APPID: &str = "wx5d1a0e4c7b2f9638";
pub(crate) const SECRET: &str = "7c0f3e2a9b4d5861f0a1c2e3d4b5a697";
/// The mini program of the same owner.
pub(crate) const MINIPROGRAM_APPID: &str = "wx8b3f6a1d0c9e2745";
pub(crate) const MINIPROGRAM_SECRET: &str = "1f2e3d4c5b6a798897a6b5c4d3e2f100";
/// The merchant, to which both are bound.
pub(crate) const MCH_ID: &str = "1900000109";
pub(crate) const API_V2_KEY: &str = "Xiaodian0Simulator1ApiV2Key23456";
pub(crate) const API_V3_KEY: &str = "Xiaodian0Simulator1ApiV3Key23456";
/// The APIv2 key before the last change, and the key of WeChat's sandbox. Both are refused. The signature doctor knows
/// them.
pub(crate) const PREVIOUS_API_V2_KEY: &str = "Xiaodian0Simulator0Replaced23456";
pub(crate) const SANDBOX_SIGNKEY: &str = "d41c8f0a6b2e7395c1d04f8e6a2b7c39";
/// The merchant's name on the payment sheet and the consent page.
pub(crate) const MERCHANT_NAME: &str = "小店演示商户";

/// `GET /_simulator/account`.
#[derive(Serialize)]
pub(crate) struct Account<'a> {
    appid: &'static str,
    secret: &'static str,
    miniprogram_appid: &'static str,
    miniprogram_secret: &'static str,
    mch_id: &'static str,
    api_v2_key: &'static str,
    api_v3_key: &'static str,
    previous_api_v2_key: &'static str,
    sandbox_signkey: &'static str,
    #[serde(flatten)]
    keys: &'a Keys,
    registered: &'a AccountSettings,
}

impl<'a> Account<'a> {
    pub(crate) const fn new(keys: &'a Keys, registered: &'a AccountSettings) -> Self {
        Self {
            appid: APPID,
            secret: SECRET,
            miniprogram_appid: MINIPROGRAM_APPID,
            miniprogram_secret: MINIPROGRAM_SECRET,
            mch_id: MCH_ID,
            api_v2_key: API_V2_KEY,
            api_v3_key: API_V3_KEY,
            previous_api_v2_key: PREVIOUS_API_V2_KEY,
            sandbox_signkey: SANDBOX_SIGNKEY,
            keys,
            registered,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_constants_have_the_documented_lengths() {
        for appid in [APPID, MINIPROGRAM_APPID] {
            assert!(appid.len() == 18 && appid.starts_with("wx"));
            assert!(appid[2..].bytes().all(|byte| byte.is_ascii_hexdigit()));
        }
        let secrets =
            [SECRET, MINIPROGRAM_SECRET, API_V2_KEY, API_V3_KEY, PREVIOUS_API_V2_KEY, SANDBOX_SIGNKEY];
        assert_eq!(secrets.map(str::len), [32; 6]);
    }
}
