//! The accounts. By default there is the demo account: a service account, a mini program and a merchant.

mod accounts;
mod keys;
mod seed;
mod settings;

use serde::Serialize;

use crate::push::PushSettings;

pub(crate) use accounts::{Accounts, App, Merchant, SubMerchant};
pub(crate) use keys::{Authority, Keys, MerchantKeys, PrivateKeys, RsaKeys};
pub use seed::{Seed, SeedError};
pub(crate) use settings::{
    AccountSettings, EarlyClose, PlatformKeys, PlatformRefundNotice, RefundPause, ShortExpiry,
    check_directories, check_domains, ramp_permille,
};

/// The service account.
pub(crate) const APPID: &str = "wx5d1a0e4c7b2f9638";
pub(crate) const SECRET: &str = "7c0f3e2a9b4d5861f0a1c2e3d4b5a697";
/// The mini program of the same owner.
pub(crate) const MINIPROGRAM_APPID: &str = "wx8b3f6a1d0c9e2745";
pub(crate) const MINIPROGRAM_SECRET: &str = "1f2e3d4c5b6a798897a6b5c4d3e2f100";
/// The website application of the same owner, for login on a computer.
pub(crate) const WEBSITE_APPID: &str = "wx2c7e5b9f0a4d1836";
pub(crate) const WEBSITE_SECRET: &str = "0a9b8c7d6e5f40312233445566778899";
/// The open platform account to which an account is bound if its seed names none.
pub(crate) const OPEN_PLATFORM: &str = "demo";
/// The message settings of both accounts. The last character of a key contains unused bits, as in WeChat's samples.
pub(crate) const PUSH_TOKEN: &str = "XiaodianSimulatorPush1";
pub(crate) const PUSH_AES_KEY: &str = "XiaodianSimulatorEncodingAESKey0Service1234";
pub(crate) const MINIPROGRAM_PUSH_TOKEN: &str = "XiaodianSimulatorPush2";
pub(crate) const MINIPROGRAM_PUSH_AES_KEY: &str = "XiaodianSimulatorEncodingAESKey0Program1237";
/// The merchant, to which both accounts are bound.
pub(crate) const MCH_ID: &str = "1900000109";
pub(crate) const API_V2_KEY: &str = "Xiaodian0Simulator1ApiV2Key23456";
pub(crate) const API_V3_KEY: &str = "Xiaodian0Simulator1ApiV3Key23456";
/// The APIv2 key before the last change, and the key of WeChat's sandbox. The simulator refuses both; the signature
/// doctor recognizes them.
pub(crate) const PREVIOUS_API_V2_KEY: &str = "Xiaodian0Simulator0Replaced23456";
pub(crate) const SANDBOX_SIGNKEY: &str = "d41c8f0a6b2e7395c1d04f8e6a2b7c39";
/// The merchant's name on the payment sheet and the consent page.
pub(crate) const MERCHANT_NAME: &str = "小店演示商户";

/// `GET /_simulator/account`: the first service account, mini program, website application and merchant.
#[derive(Serialize)]
pub(crate) struct Account<'a> {
    appid: &'a str,
    secret: &'a str,
    miniprogram_appid: Option<&'a str>,
    miniprogram_secret: Option<&'a str>,
    /// The message settings of the service account, and of the mini program.
    push: &'a PushSettings,
    miniprogram_push: Option<&'a PushSettings>,
    website_appid: Option<&'a str>,
    website_secret: Option<&'a str>,
    mch_id: &'a str,
    api_v2_key: &'a str,
    api_v3_key: &'a str,
    previous_api_v2_key: &'a str,
    sandbox_signkey: &'a str,
    #[serde(flatten)]
    merchant_keys: &'a MerchantKeys,
    #[serde(flatten)]
    keys: &'a Keys,
    registered: &'a AccountSettings,
}

impl<'a> Account<'a> {
    pub(crate) fn new(accounts: &'a Accounts, keys: &'a Keys, registered: &'a AccountSettings) -> Self {
        let (service_account, merchant) = (accounts.first_service_account(), accounts.first_merchant());
        let (miniprogram, website) = (accounts.miniprograms.first(), accounts.websites.first());
        Self {
            appid: &service_account.appid,
            secret: &service_account.secret,
            miniprogram_appid: miniprogram.map(|app| app.appid.as_str()),
            miniprogram_secret: miniprogram.map(|app| app.secret.as_str()),
            push: &service_account.push,
            miniprogram_push: miniprogram.map(|app| &app.push),
            website_appid: website.map(|app| app.appid.as_str()),
            website_secret: website.map(|app| app.secret.as_str()),
            mch_id: &merchant.mch_id,
            api_v2_key: &merchant.api_v2_key,
            api_v3_key: &merchant.api_v3_key,
            previous_api_v2_key: &merchant.previous_api_v2_key,
            sandbox_signkey: &merchant.sandbox_signkey,
            merchant_keys: &merchant.keys,
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
        for appid in [APPID, MINIPROGRAM_APPID, WEBSITE_APPID] {
            assert!(appid.len() == 18 && appid.starts_with("wx"));
            assert!(appid[2..].bytes().all(|byte| byte.is_ascii_hexdigit()));
        }
        let secrets = [
            SECRET,
            MINIPROGRAM_SECRET,
            WEBSITE_SECRET,
            API_V2_KEY,
            API_V3_KEY,
            PREVIOUS_API_V2_KEY,
            SANDBOX_SIGNKEY,
        ];
        assert_eq!(secrets.map(str::len), [32; 7]);
    }
}
