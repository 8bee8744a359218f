//! The values that are registered at WeChat, and switches of the simulator. Values that are not registered are
//! refused.

use serde::{Deserialize, Serialize};
use url::Url;

use super::{App, Merchant, accounts::Registered};
use crate::clock::{DAY, Millis};

/// The largest number of payment directories.
const MAX_PAY_DIRECTORIES: usize = 5;

/// A domain is `host`, or `host:port` if the port is not the default of the scheme.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct AccountSettings {
    pub(crate) oauth_domain: Vec<String>,
    pub(crate) js_domains: Vec<String>,
    pub(crate) pay_directories: Vec<String>,
    pub(crate) h5_domains: Vec<String>,
    pub(crate) ip_whitelist: Vec<String>,
    /// The address for notifications of refunds without `notify_url`, as set in the merchant platform.
    pub(crate) refund_notify_url: Option<String>,
    /// The form of the notification for a refund that was made in the merchant platform.
    pub(crate) platform_refund_notice: PlatformRefundNotice,
    /// The keys with which V3 signs.
    pub(crate) platform_keys: PlatformKeys,
    /// Accepts a wrong signature if `jsApiList` is `["chooseWXPay"]`, like the real WeChat.
    pub(crate) lenient_choose_wxpay: bool,
    /// Whether `closeorder` is accepted in the first five minutes of an order.
    pub(crate) early_close: EarlyClose,
    /// When the change of keys began, on the simulator's clock.
    #[serde(skip)]
    pub(crate) key_change_at: Millis,
    /// The reaction to a `time_expire` earlier than five minutes.
    pub(crate) short_expiry: ShortExpiry,
    /// Whether the login page refuses browsers other than WeChat's.
    pub(crate) wechat_only: bool,
    /// Whether `snsapi_userinfo` opens WeChat's preview page, which logs in a virtual user.
    pub(crate) snapshot_page: bool,
    /// Whether two V3 refunds of one order must be a minute apart.
    pub(crate) refund_pause: RefundPause,
    /// Whether H5 payments open only for the IP address in the order.
    pub(crate) h5_ip_check: bool,
    /// How long the `download_url` of a bill is valid, in seconds.
    pub(crate) bill_url_s: u32,
    /// Whether some payments have coupons and some notifications have an unknown field.
    pub(crate) notification_extras: bool,
}

/// What `closeorder` does in the first five minutes of an order. The documents forbid it, but do not name the error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EarlyClose {
    Accept,
    Refuse,
}

/// The form of the notification for a refund in the merchant platform. Since 2024 merchants report that it is always
/// V2's form; no document says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PlatformRefundNotice {
    /// V2's XML, even for an order of V3.
    V2,
    /// The form of the order's version.
    Follow,
}

/// The stages of the change from platform certificates to the public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PlatformKeys {
    /// The change has not begun: there is no public key yet.
    NotStarted,
    /// The change has begun. The share of notifications that the public key signs grows for seven days
    /// ([`ramp_permille`]). Responses use the key that the request names.
    Ramp,
    /// Responses use the key that the request names in `Wechatpay-Serial`. Notifications use the key of the order's
    /// request.
    Follow,
    /// Responses use the key that the request names. Notifications alternate between both keys.
    Alternate,
    /// A new merchant: there is no certificate.
    PublicKey,
}

/// How many of 1,000 notifications the public key signs, this long after the change began
/// (wechat-protocol-2.md, 12: 0.1, 1, 5, 10, 20, 50, 100 per cent over seven days).
pub(crate) const fn ramp_permille(since: Millis) -> usize {
    match since.div_euclid(DAY) {
        ..=0 => 1,
        1 => 10,
        2 => 50,
        3 => 100,
        4 => 200,
        5 => 500,
        _ => 1000,
    }
}

/// What happens to a `time_expire` earlier than five minutes. Older documents refuse it; newer ones extend it to one
/// minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ShortExpiry {
    Refuse,
    Adjust,
}

/// Whether two V3 refunds of one order must be a minute apart. The documents require this, but do not name the error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RefundPause {
    Accept,
    Refuse,
}

impl AccountSettings {
    /// The settings that a shop at these addresses needs.
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
            key_change_at: 0,
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

    /// Applies the registered values of a seed.
    pub(crate) fn take(&mut self, registered: &Registered) {
        let replace = |list: &mut Vec<String>, new: &Option<Vec<String>>| {
            if let Some(new) = new {
                list.clone_from(new);
            }
        };
        replace(&mut self.oauth_domain, &registered.oauth_domain);
        replace(&mut self.js_domains, &registered.js_domains);
        replace(&mut self.ip_whitelist, &registered.ip_whitelist);
        replace(&mut self.pay_directories, &registered.pay_directories);
        replace(&mut self.h5_domains, &registered.h5_domains);
        self.refund_notify_url.clone_from(&registered.refund_notify_url);
        self.platform_keys = registered.platform_keys.unwrap_or(self.platform_keys);
    }

    /// Whether this service account may log in users of the page at `url`.
    pub(crate) fn allows_login_at(&self, app: &App, url: &Url) -> bool {
        contains(app.oauth_domain.as_ref().unwrap_or(&self.oauth_domain), url)
    }

    pub(crate) fn allows_jssdk_at(&self, app: &App, url: &Url) -> bool {
        contains(app.js_domains.as_ref().unwrap_or(&self.js_domains), url)
    }

    /// Whether a server with this IP address may get tokens of the service account.
    pub(crate) fn allows_ip(&self, app: &App, ip: &str) -> bool {
        app.ip_whitelist.as_ref().unwrap_or(&self.ip_whitelist).iter().any(|allowed| allowed == ip)
    }

    pub(crate) fn allows_h5_at(&self, merchant: &Merchant, url: &Url) -> bool {
        ["http", "https"].contains(&url.scheme())
            && contains(merchant.h5_domains.as_ref().unwrap_or(&self.h5_domains), url)
    }

    pub(crate) fn allows_payment_at(&self, merchant: &Merchant, url: &str) -> bool {
        // the query may contain a slash, so compare only the path
        let page = url.split(['?', '#']).next().unwrap_or(url);
        let directories = merchant.pay_directories.as_ref().unwrap_or(&self.pay_directories);
        directories.iter().any(|directory| page.starts_with(directory.as_str()))
    }

    /// The keys with which V3 signs for this merchant.
    pub(crate) fn platform_keys(&self, merchant: &Merchant) -> PlatformKeys {
        merchant.platform_keys.unwrap_or(self.platform_keys)
    }

    pub(crate) fn refund_notify_url(&self, merchant: &Merchant) -> Option<String> {
        merchant.refund_notify_url.clone().or_else(|| self.refund_notify_url.clone())
    }
}

fn contains(domains: &[String], url: &Url) -> bool {
    domain_of(url).is_some_and(|domain| domains.contains(&domain))
}

/// Checks a list of domains. Returns the reason if one is wrong.
pub(crate) fn check_domains(domains: &[String]) -> Result<(), String> {
    match domains.iter().find(|domain| domain.is_empty() || domain.contains('/')) {
        Some(domain) => Err(format!("{domain:?} is not host[:port]")),
        None => Ok(()),
    }
}

/// Checks a list of payment directories. Returns the reason if it is wrong.
pub(crate) fn check_directories(directories: &[String]) -> Result<(), String> {
    let is_wrong = |directory: &&String| {
        !directory.ends_with('/') || !(directory.starts_with("http://") || directory.starts_with("https://"))
    };
    if let Some(directory) = directories.iter().find(is_wrong) {
        return Err(format!("{directory:?} does not begin with http:// or https:// and end in /"));
    }
    if directories.len() > MAX_PAY_DIRECTORIES {
        return Err(format!("more than {MAX_PAY_DIRECTORIES} pay directories"));
    }
    Ok(())
}

fn domain(address: &str) -> Option<String> {
    domain_of(&Url::parse(address).ok()?)
}

/// `host`, or `host:port` if the port is not the default of the scheme.
fn domain_of(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Accounts;

    fn settings() -> AccountSettings {
        AccountSettings::for_addresses(&["http://127.0.0.1:3000", "http://localhost:8901/"], true)
    }

    #[test]
    fn the_port_belongs_to_the_domain() {
        let allowed = |url: &str| {
            settings().allows_jssdk_at(Accounts::demo().first_service_account(), &Url::parse(url).unwrap())
        };
        assert!(allowed("http://127.0.0.1:3000/a?b=c"));
        assert!(!allowed("http://127.0.0.1/a"));
        assert!(!allowed("http://127.0.0.1:3001/a"));
        assert!(!allowed("http://a.localhost:8901/"));
    }

    #[test]
    fn the_public_key_signs_more_notifications_each_day() {
        let shares: Vec<usize> = (0..8).map(|day| ramp_permille(day * DAY)).collect();
        assert_eq!(shares, [1, 10, 50, 100, 200, 500, 1000, 1000]);
    }

    #[test]
    fn a_payment_directory_is_a_prefix_of_the_url() {
        let merchant = Merchant::demo();
        let allowed = |url: &str| settings().allows_payment_at(&merchant, url);
        assert!(allowed("http://localhost:8901/orders/1/pay?x=1"));
        assert!(!allowed("http://localhost:8902/orders/1/pay"));
        assert!(!allowed("http://evil?http://localhost:8901/"));
        let own = Merchant { pay_directories: Some(vec!["http://own.test/".to_owned()]), ..merchant.clone() };
        assert!(settings().allows_payment_at(&own, "http://own.test/pay"));
        assert!(!settings().allows_payment_at(&own, "http://localhost:8901/pay"));
    }
}
