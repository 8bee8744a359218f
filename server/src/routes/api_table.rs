//! All routes for programs. `openapi.json` describes them, and a test compares it with this table.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::header,
    response::{IntoResponse, Response},
    routing::{MethodRouter, get, post},
};

use super::{
    access_token, admin, js_config, login, miniprogram, miniprogram_after_sales, notifications, pushes,
    user_info, wallet,
};
use crate::state::AppState;

/// The path of the OpenAPI document.
pub(crate) const OPENAPI_PATH: &str = "/api/openapi.json";

/// The OpenAPI document.
const OPENAPI: &str = include_str!("../../openapi.json");

/// Paths and their methods.
type Table = Vec<(&'static str, MethodRouter<AppState>)>;

/// The routes of WeChat's notifications. They need no rate limit: they have a signature, and the queue of the store's
/// writer is limited.
fn of_wechat() -> Table {
    vec![
        (notifications::CALLBACK, post(notifications::callback)),
        (notifications::REFUND_CALLBACK, post(notifications::callback)),
        (notifications::COMPLAINT_CALLBACK, post(notifications::callback)),
        (pushes::OFFICIAL, get(pushes::check_official).post(pushes::official)),
        (pushes::MINIPROGRAM, get(pushes::check_miniprogram).post(pushes::miniprogram)),
    ]
}

/// The routes of public data.
fn to_read() -> Table {
    vec![
        (OPENAPI_PATH, get(openapi)),
        ("/api/wechat/jssdk", get(js_config::js_config)),
        ("/api/miniprogram/products", get(miniprogram::products)),
    ]
}

/// The routes of programs with a key or token.
fn of_programs() -> Table {
    vec![
        (access_token::TOKEN_PATH, get(access_token::token)),
        (access_token::REFRESH_PATH, post(access_token::refresh)),
        (miniprogram::LOGIN, post(miniprogram::log_in)),
        (miniprogram::PAY, post(miniprogram::pay)),
        (miniprogram::PRICE, post(miniprogram::price)),
        (miniprogram::RECEIVED, post(miniprogram::received)),
        (miniprogram::INVOICE, post(miniprogram::invoice)),
        (
            miniprogram_after_sales::AFTER_SALES,
            get(miniprogram_after_sales::list).post(miniprogram_after_sales::apply),
        ),
        (miniprogram_after_sales::WITHDRAW, post(miniprogram_after_sales::withdraw)),
        (miniprogram_after_sales::PARCEL, post(miniprogram_after_sales::send_back)),
        (miniprogram_after_sales::PICTURE, get(miniprogram_after_sales::picture)),
        (miniprogram::PERSONAL_DATA, get(miniprogram::personal_data).delete(miniprogram::erase)),
        ("/api/admin/orders/{id}", get(admin::order)),
        ("/api/admin/orders/{id}/refunds", post(admin::refund)),
    ]
}

/// The routes of programs that take a file. They limit its size themselves.
fn of_program_uploads() -> Table {
    let limit = DefaultBodyLimit::max(miniprogram_after_sales::MAX_UPLOAD_BYTES);
    vec![(miniprogram_after_sales::PICTURES, post(miniprogram_after_sales::add_picture).layer(limit))]
}

/// The routes for scripts of the shop's own pages, with the shopper's cookie.
fn of_pages() -> Table {
    vec![
        ("/api/wechat/redirect", get(login::redirect)),
        ("/api/wechat/getOpenId", get(login::get_open_id)),
        ("/api/wechat/getUserInfo", get(user_info::user_info)),
        ("/api/wechat/pay/payWallet", post(wallet::pay_wallet).fallback(wallet::only_post)),
    ]
}

fn router(table: Table) -> Router<AppState> {
    table.into_iter().fold(Router::new(), |router, (path, methods)| router.route(path, methods))
}

/// The public routes.
pub(super) fn public() -> Router<AppState> {
    router(of_wechat()).merge(router(to_read()))
}

/// The routes of programs with a key or token.
pub(super) fn programs() -> Router<AppState> {
    router(of_programs())
}

/// The routes of programs with a key or token that take a file.
pub(super) fn program_uploads() -> Router<AppState> {
    router(of_program_uploads())
}

/// The routes of the shop's own pages.
pub(super) fn pages() -> Router<AppState> {
    router(of_pages())
}

/// `GET /api/openapi.json`.
async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI).into_response()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_route_for_programs_is_in_the_document_and_no_other() {
        let document: serde_json::Value = serde_json::from_str(OPENAPI).unwrap();
        let told: BTreeSet<&str> = document["paths"]
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .filter(|path| path.starts_with("/api/"))
            .collect();
        let tables = [of_wechat(), to_read(), of_programs(), of_program_uploads(), of_pages()];
        let there: BTreeSet<&str> = tables.iter().flatten().map(|(path, _)| *path).collect();
        let difference: Vec<_> = there.symmetric_difference(&told).collect();
        assert!(difference.is_empty(), "in the table or in openapi.json only: {difference:?}");
    }
}
