//! The demo account and its settings.

use axum::{
    Json,
    body::Bytes,
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::input::{ControlError, read};
use crate::{
    account::{
        Account, EarlyClose, PlatformKeys, PlatformRefundNotice, RefundPause, ShortExpiry, check_directories,
        check_domains,
    },
    app_state::{AppState, SharedState},
};

const ACCEPTED: &str = "{\"oauth_domain\": \"host[:port]\" or a list of them, \"js_domains\": [\"host[:port]\"], \
    \"pay_directories\": [\"http://host:port/path/\"] (at most 5, each ends in /), \"h5_domains\": [...], \
    \"ip_whitelist\": [...], \"refund_notify_url\": \"…\" (empty: none), \
    \"platform_refund_notice\": \"v2\"|\"follow\", \"platform_keys\": \"follow\"|\"not_started\"|\"ramp\"|\"alternate\"|\"public_key\", \"lenient_choose_wxpay\": bool, \"early_close\": \"accept\"|\"refuse\", \
    \"short_expiry\": \"refuse\"|\"adjust\", \"wechat_only\": bool, \"snapshot_page\": bool, \
    \"refund_pause\": \"accept\"|\"refuse\", \"h5_ip_check\": bool, \"bill_url_s\": seconds, \"notification_extras\": bool}; each optional";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingsUpdate {
    oauth_domain: Option<OneOrMany>,
    js_domains: Option<Vec<String>>,
    pay_directories: Option<Vec<String>>,
    h5_domains: Option<Vec<String>>,
    ip_whitelist: Option<Vec<String>>,
    refund_notify_url: Option<String>,
    platform_refund_notice: Option<PlatformRefundNotice>,
    platform_keys: Option<PlatformKeys>,
    lenient_choose_wxpay: Option<bool>,
    early_close: Option<EarlyClose>,
    short_expiry: Option<ShortExpiry>,
    wechat_only: Option<bool>,
    snapshot_page: Option<bool>,
    refund_pause: Option<RefundPause>,
    h5_ip_check: Option<bool>,
    bill_url_s: Option<u32>,
    notification_extras: Option<bool>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn into_list(self) -> Vec<String> {
        match self {
            Self::One(domain) if domain.is_empty() => Vec::new(),
            Self::One(domain) => vec![domain],
            Self::Many(domains) => domains,
        }
    }
}

pub(super) async fn show(State(app): State<SharedState>) -> Response {
    account(&app)
}

fn account(app: &AppState) -> Response {
    let settings = app.settings().clone();
    let db = app.database();
    Json(Account::new(&db.accounts, &db.keys, &settings)).into_response()
}

pub(super) async fn update(State(app): State<SharedState>, body: Bytes) -> Result<Response, ControlError> {
    let update: SettingsUpdate = read(&body, ACCEPTED)?;
    let oauth_domain = update.oauth_domain.map(OneOrMany::into_list);
    for domains in [&oauth_domain, &update.js_domains, &update.h5_domains].into_iter().flatten() {
        check_domains(domains).map_err(|why| ControlError::bad(why, ACCEPTED))?;
    }
    if let Some(directories) = &update.pay_directories {
        check_directories(directories).map_err(|why| ControlError::bad(why, ACCEPTED))?;
    }
    {
        let mut settings = app.settings();
        replace(&mut settings.oauth_domain, oauth_domain);
        replace(&mut settings.js_domains, update.js_domains);
        replace(&mut settings.pay_directories, update.pay_directories);
        replace(&mut settings.h5_domains, update.h5_domains);
        replace(&mut settings.ip_whitelist, update.ip_whitelist);
        replace(
            &mut settings.refund_notify_url,
            update.refund_notify_url.map(|url| Some(url).filter(|url| !url.is_empty())),
        );
        replace(&mut settings.platform_refund_notice, update.platform_refund_notice);
        if update.platform_keys.is_some() {
            settings.key_change_at = app.clock.now();
        }
        replace(&mut settings.platform_keys, update.platform_keys);
        replace(&mut settings.lenient_choose_wxpay, update.lenient_choose_wxpay);
        replace(&mut settings.early_close, update.early_close);
        replace(&mut settings.short_expiry, update.short_expiry);
        replace(&mut settings.wechat_only, update.wechat_only);
        replace(&mut settings.snapshot_page, update.snapshot_page);
        replace(&mut settings.refund_pause, update.refund_pause);
        replace(&mut settings.h5_ip_check, update.h5_ip_check);
        replace(&mut settings.bill_url_s, update.bill_url_s);
        replace(&mut settings.notification_extras, update.notification_extras);
    }
    Ok(account(&app))
}

fn replace<T>(setting: &mut T, new: Option<T>) {
    if let Some(new) = new {
        *setting = new;
    }
}
