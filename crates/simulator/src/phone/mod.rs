//! The phone: WeChat's browser for a desktop, as a proxy in front of the shop.

mod bridge;
mod csp;
mod document;
mod inject;
mod miniprogram;
mod payment;
mod proxy;
mod redirects;
mod share;
mod user_agent;
mod visitor;

use axum::{
    Router,
    routing::{get, post},
};

pub(crate) use document::Document;
pub(crate) use miniprogram::ProgramCall;
pub(crate) use redirects::Redirects;
pub(crate) use share::Share;
pub(crate) use user_agent::is_wechat;

use crate::world::Shared;

/// Everything that the phone's listener answers: `/_phone/*` itself, the rest is the shop's.
pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/_phone/user", get(visitor::choose))
        .route("/_phone/bridge", post(bridge::call))
        .route("/_phone/miniprogram", get(miniprogram::page))
        .route("/_phone/miniprogram/pay", post(miniprogram::thumb))
        .route("/_phone/pay", post(payment::thumb))
        .fallback(proxy::pass)
}
