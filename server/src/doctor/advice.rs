//! Advice for each refusal of WeChat: what to do, and on which page.

use wechat::{Error, ErrorKind};

use super::Finding;

pub(super) const BASICS: &str = "mp.weixin.qq.com → 设置与开发 → 基本配置";
pub(super) const DOMAINS: &str = "mp.weixin.qq.com → 设置与开发 → 账号设置 → 功能设置";
pub(super) const OPEN_PLATFORM: &str = "open.weixin.qq.com → 管理中心 → 网站应用";
pub(super) const API_SAFETY: &str = "pay.weixin.qq.com → 账户中心 → API安全";
pub(super) const APPIDS: &str = "pay.weixin.qq.com → 产品中心 → AppID账号管理";
pub(super) const SUB_MERCHANTS: &str = "pay.weixin.qq.com → 服务商功能 → 特约商户管理";
pub(super) const PRODUCTS: &str = "pay.weixin.qq.com → 产品中心 → 我的产品";

/// Advice for a refusal of the official account or the mini program.
pub(super) fn platform(check: &'static str, secret: &str, error: &Error) -> Finding {
    let remedy = match error.code() {
        Some("40164") => format!("enter this server's address in the IP白名单: {BASICS}"),
        Some("40001" | "40125") => format!("{secret} is not the current AppSecret: {BASICS}"),
        Some("40013") => format!("the AppID is not this account's: {BASICS}"),
        Some("40243") => format!("the AppSecret is frozen, unfreeze or reset it: {BASICS}"),
        Some("48001") => {
            "the account does not have this right: verify it as a service account (认证服务号)".to_owned()
        }
        _ => of_kind(error, "WECHAT_API_URL")
            .unwrap_or_else(|| format!("look the code up, and compare: {BASICS}")),
    };
    Finding::wrong(check, error.to_string(), remedy)
}

/// Advice for a refusal of the login of a website application, which has its own platform.
pub(super) fn website(check: &'static str, error: &Error) -> Finding {
    let remedy = match error.code() {
        Some("40001" | "40125") => {
            format!("WECHAT_WEBSITE_SECRET is not the current AppSecret: {OPEN_PLATFORM}")
        }
        Some("40013") => {
            format!("WECHAT_WEBSITE_APPID is not a website application's (网站应用): {OPEN_PLATFORM}")
        }
        _ => of_kind(error, "WECHAT_API_URL")
            .unwrap_or_else(|| format!("look the code up, and compare: {OPEN_PLATFORM}")),
    };
    Finding::wrong(check, error.to_string(), remedy)
}

/// Advice for a refusal of Pay V2. If the signature of our request is wrong, the refusal has no code.
pub(super) fn pay_v2(check: &'static str, error: &Error) -> Finding {
    let remedy = match error.code() {
        None if is_about_sub_merchant(error) => pay(error, "WECHAT_API_V2_KEY"),
        None if error.kind() == ErrorKind::Service => format!(
            "compare WECHAT_API_V2_KEY (API密钥), WECHAT_MCH_ID and WECHAT_APPID: {API_SAFETY}; the binding: {APPIDS}"
        ),
        Some("SIGNERROR") => format!("WECHAT_API_V2_KEY is not the current API密钥: {API_SAFETY}"),
        _ => pay(error, "WECHAT_API_V2_KEY"),
    };
    Finding::wrong(check, error.to_string(), remedy)
}

/// Advice for a refusal of Pay V3.
pub(super) fn pay_v3(check: &'static str, error: &Error) -> Finding {
    let remedy = match (error.kind(), error.code()) {
        (_, Some("SIGN_ERROR")) => format!(
            "WECHAT_MERCHANT_KEY_FILE, WECHAT_MERCHANT_SERIAL and WECHAT_MCH_ID do not belong together, or the certificate \
             was replaced (商户API证书): {API_SAFETY}"
        ),
        (ErrorKind::Decryption, _) => format!("WECHAT_API_V3_KEY is not the current APIv3密钥: {API_SAFETY}"),
        (ErrorKind::Verification, _) => {
            format!(
                "WECHAT_PUBLIC_KEY_ID and WECHAT_PUBLIC_KEY_FILE are not the current 微信支付公钥: {API_SAFETY}"
            )
        }
        (ErrorKind::Configuration, _) => {
            format!(
                "download the 微信支付公钥 and set WECHAT_PUBLIC_KEY_ID and WECHAT_PUBLIC_KEY_FILE: {API_SAFETY}"
            )
        }
        _ => pay(error, "WECHAT_MERCHANT_KEY_FILE"),
    };
    Finding::wrong(check, error.to_string(), remedy)
}

fn pay(error: &Error, key: &str) -> String {
    match error.code() {
        Some("APPID_MCHID_NOT_MATCH") => format!("bind WECHAT_APPID to WECHAT_MCH_ID: {APPIDS}"),
        Some("MCHID_NOT_EXIST" | "MCH_NOT_EXISTS" | "PARAM_ERROR") => {
            format!("WECHAT_MCH_ID is not this merchant's number: {API_SAFETY}")
        }
        Some("APPID_NOT_EXIST") => format!("WECHAT_APPID is not this account's: {BASICS}"),
        _ if is_about_sub_merchant(error) => {
            format!(
                "WECHAT_SUB_MCH_ID is not a merchant (特约商户) of the provider WECHAT_MCH_ID: {SUB_MERCHANTS}"
            )
        }
        Some("NOAUTH" | "NO_AUTH") => {
            format!("apply for this product, or bind the appid to the merchant: {PRODUCTS}, {APPIDS}")
        }
        _ => of_kind(error, "WECHAT_MCH_URL").unwrap_or_else(|| {
            format!("compare {key}, WECHAT_MCH_ID and WECHAT_APPID: {API_SAFETY}, {APPIDS}")
        }),
    }
}

/// Whether WeChat refuses the sub-merchant of partner mode (docs/wechat-protocol-2.md, 5). These refusals have no code
/// of their own, so the message decides.
fn is_about_sub_merchant(error: &Error) -> bool {
    let message = error.message().unwrap_or_default();
    ["受理关系不存在", "受理机构必须传入sub_mch_id", "子商户", "sub_mch_id"]
        .iter()
        .any(|words| message.contains(words))
}

/// The advice that all platforms share. `None` if there is none for this error.
fn of_kind(error: &Error, url: &str) -> Option<String> {
    match error.kind() {
        ErrorKind::Transport => Some(format!(
            "the machine cannot reach it: look at DNS, the firewall, the certificate authorities, and {url}"
        )),
        _ if error.is_retryable() => Some("WeChat is busy: ask again in some minutes".to_owned()),
        _ => None,
    }
}
