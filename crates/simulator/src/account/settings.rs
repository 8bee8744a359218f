//! What is registered with WeChat. Nothing that is not registered is allowed.

use serde::{Deserialize, Serialize};
use url::Url;

/// Pay directories that a merchant may register.
pub(crate) const MAX_PAY_DIRECTORIES: usize = 5;

/// Domains are written `host` or `host:port`, the port where it is not the scheme's own.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct AccountSettings {
    pub(crate) oauth_domain: Vec<String>,
    pub(crate) js_domains: Vec<String>,
    pub(crate) pay_directories: Vec<String>,
    pub(crate) h5_domains: Vec<String>,
    pub(crate) ip_whitelist: Vec<String>,
    /// Where refunds are notified that name no `notify_url`, as set in the merchant platform.
    pub(crate) refund_notify_url: Option<String>,
    /// How refunds made in the merchant platform are notified.
    pub(crate) platform_refund_notice: PlatformRefundNotice,
    /// What V3 signs with.
    pub(crate) platform_keys: PlatformKeys,
    /// `jsApiList: ["chooseWXPay"]` alone passes `wx.config` with a wrong signature, as in life.
    pub(crate) lenient_choose_wxpay: bool,
    /// Whether `closeorder` is accepted in the first five minutes of an order.
    pub(crate) early_close: EarlyClose,
    /// What becomes of a `time_expire` sooner than five minutes.
    pub(crate) short_expiry: ShortExpiry,
    /// Whether a browser that is not WeChat's is sent away from the login page.
    pub(crate) wechat_only: bool,
    /// Whether `snsapi_userinfo` opens the snapshot page, with a virtual user.
    pub(crate) snapshot_page: bool,
    /// Whether two parts of a V3 refund must be a minute apart.
    pub(crate) refund_pause: RefundPause,
    /// Whether H5 payments open only for the address that the order names as the payer's.
    pub(crate) h5_ip_check: bool,
    /// Seconds for which the `download_url` of a bill can be opened.
    pub(crate) bill_url_s: u32,
    /// Whether some payments carry coupons and some notifications an unknown field.
    pub(crate) notification_extras: bool,
}

/// The documents forbid it; which error it gets is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EarlyClose {
    Accept,
    Refuse,
}

/// Merchants report since 2024 that it is always V2's form; no document says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PlatformRefundNotice {
    /// In V2's XML, whatever the order's generation is.
    V2,
    /// In the order's own form.
    Follow,
}

/// The change from platform certificates to the public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PlatformKeys {
    /// As the request's `Wechatpay-Serial` says; notifications as the order's request said.
    Follow,
    /// Replies as the request says, notifications with either in turn.
    Alternate,
    /// A merchant of today: there is no certificate.
    PublicKey,
}

/// Older documents refuse, newer ones lengthen it to one minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ShortExpiry {
    Refuse,
    Adjust,
}

/// The documents ask for a minute; what becomes of less is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RefundPause {
    Accept,
    Refuse,
}

impl AccountSettings {
    /// What the shop at these addresses needs.
    pub(crate) fn for_addresses(addresses: &[&str], wechat_only: bool) -> Self {
        let domains: Vec<String> = addresses.iter().filter_map(|address| domain(address)).collect();
        let directory = |address: &&str| format!("{}/", address.trim_end_matches('/'));
        Self {
            oauth_domain: domains.clone(),
            js_domains: domains.clone(),
            pay_directories: addresses.iter().map(directory).collect(),
            h5_domains: domains,
            ip_whitelist: vec!["127.0.0.1".to_owned(), "::1".to_owned()],
            refund_notify_url: None,
            platform_refund_notice: PlatformRefundNotice::V2,
            platform_keys: PlatformKeys::Follow,
            lenient_choose_wxpay: false,
            early_close: EarlyClose::Accept,
            short_expiry: ShortExpiry::Refuse,
            wechat_only,
            snapshot_page: false,
            refund_pause: RefundPause::Accept,
            h5_ip_check: false,
            bill_url_s: 300,
            notification_extras: true,
        }
    }

    pub(crate) fn allows_login_at(&self, url: &Url) -> bool {
        domain_of(url).is_some_and(|domain| self.oauth_domain.contains(&domain))
    }

    pub(crate) fn allows_jssdk_at(&self, url: &Url) -> bool {
        domain_of(url).is_some_and(|domain| self.js_domains.contains(&domain))
    }

    pub(crate) fn allows_h5_at(&self, url: &Url) -> bool {
        ["http", "https"].contains(&url.scheme())
            && domain_of(url).is_some_and(|domain| self.h5_domains.contains(&domain))
    }

    pub(crate) fn allows_payment_at(&self, url: &str) -> bool {
        // a query may hold a slash: the directory is the path's
        let page = url.split(['?', '#']).next().unwrap_or(url);
        self.pay_directories.iter().any(|directory| page.starts_with(directory.as_str()))
    }
}

fn domain(address: &str) -> Option<String> {
    domain_of(&Url::parse(address).ok()?)
}

/// `host`, or `host:port` where the port is not the scheme's own.
fn domain_of(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> AccountSettings {
        AccountSettings::for_addresses(&["http://127.0.0.1:3000", "http://localhost:8901/"], true)
    }

    #[test]
    fn the_port_belongs_to_the_domain() {
        let allowed = |url: &str| settings().allows_jssdk_at(&Url::parse(url).unwrap());
        assert!(allowed("http://127.0.0.1:3000/a?b=c"));
        assert!(!allowed("http://127.0.0.1/a"));
        assert!(!allowed("http://127.0.0.1:3001/a"));
        assert!(!allowed("http://a.localhost:8901/"));
    }

    #[test]
    fn a_pay_directory_is_a_prefix_of_the_address() {
        assert!(settings().allows_payment_at("http://localhost:8901/orders/1/pay?x=1"));
        assert!(!settings().allows_payment_at("http://localhost:8902/orders/1/pay"));
        assert!(!settings().allows_payment_at("http://evil?http://localhost:8901/"));
    }
}
