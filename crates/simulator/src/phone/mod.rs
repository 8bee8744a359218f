//! The phone: WeChat's browser for a desktop, as a proxy in front of the shop.

mod bridge;
mod bridge_script;
mod csp;
mod login_redirects;
mod miniprogram;
mod page_config;
mod payment_sheet;
mod phone_user;
mod proxy;
mod share;
mod subscribe;
mod user_agent;

use axum::{
    Router,
    routing::{get, post},
};

pub(crate) use login_redirects::Redirects;
pub(crate) use miniprogram::ProgramCall;
pub(crate) use page_config::PageConfigs;
pub(crate) use share::Share;
pub(crate) use user_agent::is_wechat;

use crate::app_state::SharedState;

/// The routes of the phone's listener. `/_phone/*` belongs to the phone, everything else to the shop.
pub(crate) fn routes() -> Router<SharedState> {
    Router::new()
        .route("/_phone/user", get(phone_user::choose))
        .route("/_phone/bridge", post(bridge::call))
        .route("/_phone/miniprogram", get(miniprogram::page))
        .route("/_phone/miniprogram/pay", post(miniprogram::submit))
        .route("/_phone/miniprogram/subscribe", post(subscribe::in_miniprogram))
        .route("/_phone/subscribe", post(subscribe::in_page))
        .route("/_phone/pay", post(payment_sheet::submit))
        .fallback(proxy::forward_request)
}
