//! The routes for programs, all of them: `openapi.json` tells what each takes and answers, and a test that it does.

use axum::{
    Router,
    http::header,
    response::{IntoResponse, Response},
    routing::{MethodRouter, get, post},
};

use super::{admin, jssdk, login, miniprogram, notify, token, user_info, wallet};
use crate::state::AppState;

/// What programs may ask, for programs and people.
const OPENAPI: &str = include_str!("../../openapi.json");

/// Path and methods of each.
fn table() -> Vec<(&'static str, MethodRouter<AppState>)> {
    vec![
        ("/api/openapi.json", get(openapi)),
        ("/api/wechat/redirect", get(login::redirect)),
        ("/api/wechat/getOpenId", get(login::get_open_id)),
        ("/api/wechat/jssdk", get(jssdk::jssdk)),
        ("/api/wechat/getUserInfo", get(user_info::user_info)),
        ("/api/wechat/pay/payWallet", post(wallet::pay_wallet).fallback(wallet::only_post)),
        (token::TOKEN, get(token::token)),
        (token::REFRESH, post(token::refresh)),
        (notify::CALLBACK, post(notify::callback)),
        (notify::REFUND_CALLBACK, post(notify::callback)),
        (miniprogram::LOGIN, post(miniprogram::log_in)),
        (miniprogram::PAY, post(miniprogram::pay)),
        ("/api/miniprogram/products", get(miniprogram::products)),
        ("/api/admin/orders/{id}", get(admin::order)),
        ("/api/admin/orders/{id}/refunds", post(admin::refund)),
    ]
}

pub(super) fn routes() -> Router<AppState> {
    table().into_iter().fold(Router::new(), |router, (path, methods)| router.route(path, methods))
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
        let there: BTreeSet<&str> = table().iter().map(|(path, _)| *path).collect();
        assert_eq!(there, told);
    }
}
