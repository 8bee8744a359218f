//! The HTTP routes, except the pages. Each handler reads its input, calls the shop and responds.

mod access_token;
mod addresses;
mod admin;
mod after_sales;
mod api_table;
mod cart;
mod console;
mod delivery;
mod fields;
mod form_page;
mod guest;
mod health;
mod invoice;
mod js_config;
mod language;
mod log_out;
mod login;
mod metrics;
mod miniprogram;
mod miniprogram_after_sales;
mod notifications;
mod orders;
mod privacy;
mod pushes;
mod upload_body;
mod user_info;
mod wallet;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderMap, header},
    routing::{get, post},
};

pub(crate) use self::{
    api_table::OPENAPI_PATH,
    console::{SignIns, is_console, uploads},
    form_page::Renderer,
    guest::GUESTS_PER_MINUTE,
    login::{desk_login, login_path},
    miniprogram::shopper as miniprogram_shopper,
};
use crate::state::AppState;

/// Public routes: WeChat's notifications, which have a signature, and data that is the same for all visitors.
pub(crate) fn public() -> Router<AppState> {
    api_table::public()
        .route("/healthz", get(health::healthz))
        .route("/metrics", get(metrics::metrics))
        .route("/readyz", get(health::readyz))
}

/// Whether a request for this path may use a reserved connection: a health check, or a notification of WeChat.
pub(crate) fn is_reserved_for(path: &str) -> bool {
    [
        notifications::CALLBACK,
        notifications::REFUND_CALLBACK,
        notifications::COMPLAINT_CALLBACK,
        pushes::OFFICIAL,
        pushes::MINIPROGRAM,
        "/healthz",
        "/readyz",
    ]
    .contains(&path)
}

/// Whether a path is `top` or below it.
pub(crate) fn is_below(path: &str, top: &str) -> bool {
    path.strip_prefix(top).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The routes of programs with a key. They read no cookie.
pub(crate) fn programs() -> Router<AppState> {
    api_table::programs()
}

/// The routes of programs with a key and a file.
pub(crate) fn program_uploads() -> Router<AppState> {
    api_table::program_uploads()
}

/// The forms of the shop's pages, without the server functions.
pub(crate) fn pages() -> Router<AppState> {
    api_table::pages()
        .route("/orders", post(orders::place))
        .route("/orders/{id}/pay", post(orders::pay))
        .route("/orders/{id}/cancel", post(orders::cancel))
        .route("/orders/{id}/again", post(orders::again))
        .route("/orders/{id}/refund-request", post(after_sales::ask_for_refund))
        .route("/orders/{id}/refund-request/withdraw", post(after_sales::withdraw_refund_request))
        .route("/orders/{id}/after-sales/{after_sale}/withdraw", post(after_sales::withdraw))
        .route("/orders/{id}/after-sales/{after_sale}/parcel", post(after_sales::send_back))
        .route("/orders/{id}/after-sales/{after_sale}/pictures/{number}", get(after_sales::picture))
        .route("/orders/{id}/received", post(orders::received))
        .route("/orders/{id}/invoice", post(invoice::ask))
        .route("/orders/{id}/delivery", post(delivery::deliver))
        .route("/orders/{id}/address", post(delivery::change_address))
        .route("/orders/{id}/sheet", post(orders::report_sheet))
        .route("/orders/{id}/link/{key}", get(orders::link))
        .route("/cart", post(cart::add))
        .route("/cart/change", post(cart::change))
        .route("/cart/order", post(cart::order))
        .route("/addresses", post(addresses::save))
        .route("/addresses/default", post(addresses::make_default))
        .route("/addresses/delete", post(addresses::delete))
        .route("/wallet", post(wallet::top_up))
        .route("/me/privacy/data.json", get(privacy::copy))
        .route("/me/privacy/erase", post(privacy::erase))
        .route("/language", post(language::choose))
        .route("/log-out", post(log_out::log_out))
        .merge(console::routes())
}

/// The form of a shopper with pictures. It limits their size itself.
pub(crate) fn shopper_uploads() -> Router<AppState> {
    let limit = DefaultBodyLimit::max(after_sales::MAX_PICTURES_BYTES + upload_body::FORM);
    Router::new().route("/orders/{id}/after-sale", post(after_sales::apply).layer(limit))
}

/// The key or token in the `Authorization` header.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}
