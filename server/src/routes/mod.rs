//! The HTTP of the shop, beside its pages. Each handler extracts, calls the shop, maps.

mod admin;
mod health;
mod jssdk;
mod login;
mod metrics;
mod miniprogram;
mod notify;
mod orders;
mod token;
mod user_info;
mod wallet;

use axum::{
    Router,
    http::{HeaderMap, header},
    routing::{get, post},
};

pub(crate) use self::{login::login_path, miniprogram::shopper as miniprogram_shopper};
use crate::state::AppState;

/// Every route but the pages and the server functions.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/wechat/redirect", get(login::redirect))
        .route("/api/wechat/getOpenId", get(login::get_open_id))
        .route("/api/wechat/jssdk", get(jssdk::jssdk))
        .route("/api/wechat/getUserInfo", get(user_info::user_info))
        .route("/api/wechat/pay/payWallet", post(wallet::pay_wallet).fallback(wallet::only_post))
        .route(token::TOKEN, get(token::token))
        .route(token::REFRESH, post(token::refresh))
        .route(notify::CALLBACK, post(notify::callback))
        .route(notify::REFUND_CALLBACK, post(notify::callback))
        .route(miniprogram::LOGIN, post(miniprogram::log_in))
        .route(miniprogram::PAY, post(miniprogram::pay))
        .route("/api/miniprogram/products", get(miniprogram::products))
        .route("/api/admin/orders/{id}", get(admin::order))
        .route("/api/admin/orders/{id}/refunds", post(admin::refund))
        .route("/orders", post(orders::place))
        .route("/orders/{id}/pay", post(orders::pay))
        .route("/orders/{id}/cancel", post(orders::cancel))
        .route("/healthz", get(health::healthz))
        .route("/metrics", get(metrics::metrics))
        .route("/readyz", get(health::readyz))
}

/// Whether WeChat posts its notifications there.
pub(crate) fn is_notification(path: &str) -> bool {
    [notify::CALLBACK, notify::REFUND_CALLBACK].contains(&path)
}

/// Notifications prove themselves by their signature, programs by their key; everything else that changes something
/// comes from this site.
pub(crate) fn is_exempt_from_origin(path: &str) -> bool {
    let exempt = [token::REFRESH, miniprogram::LOGIN, miniprogram::PAY];
    is_notification(path) || exempt.contains(&path) || path.starts_with("/api/admin/")
}

/// The key or token of a program that proves itself by one.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}
