//! The HTTP of the shop, beside its pages. Each handler extracts, calls the shop, maps.

mod addresses;
mod admin;
mod cart;
mod console;
mod guest;
mod health;
mod jssdk;
mod language;
mod login;
mod metrics;
mod miniprogram;
mod notify;
mod orders;
mod rest;
mod token;
mod user_info;
mod wallet;

use axum::{
    Router,
    http::{HeaderMap, header},
    routing::{get, post},
};

pub(crate) use self::{
    console::{SignInLimits, uploads},
    guest::GUESTS_PER_MINUTE,
    login::login_path,
    miniprogram::shopper as miniprogram_shopper,
};
use crate::state::AppState;

/// Every route but the pages and the server functions.
pub(crate) fn routes() -> Router<AppState> {
    rest::routes()
        .route("/orders", post(orders::place))
        .route("/orders/{id}/pay", post(orders::pay))
        .route("/orders/{id}/cancel", post(orders::cancel))
        .route("/orders/{id}/again", post(orders::again))
        .route("/orders/{id}/refund-request", post(orders::ask_for_refund))
        .route("/orders/{id}/delivery", post(orders::deliver))
        .route("/orders/{id}/link/{key}", get(orders::link))
        .route("/cart", post(cart::add))
        .route("/cart/change", post(cart::change))
        .route("/cart/order", post(cart::order))
        .route("/addresses", post(addresses::save))
        .route("/addresses/delete", post(addresses::delete))
        .route("/wallet", post(wallet::top_up))
        .route("/language", post(language::choose))
        .route("/healthz", get(health::healthz))
        .route("/metrics", get(metrics::metrics))
        .route("/readyz", get(health::readyz))
        .merge(console::routes())
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
