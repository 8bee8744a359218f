//! `GET /`: the simulator's web page: what to do next, orders, notifications, clock, faults, users.

mod actions;
mod clock_section;
mod fault_section;
mod message_section;
mod next_steps;
mod requests_section;
mod tables;

use axum::{
    Router,
    extract::State,
    http::header,
    response::{Html, IntoResponse},
    routing::{get, post},
};

use self::clock_section::ShopClock;
use crate::{
    app_state::{AppState, SharedState},
    html::escape,
};

const STYLE: &str = include_str!("style.css");

/// The only script of the page. The page works without it.
const LIVE: &str = include_str!("live.js");

/// The page and its buttons.
pub(crate) fn routes() -> Router<SharedState> {
    Router::new()
        .route("/", get(show))
        // browsers request it on every page of the simulator
        .route("/favicon.ico", get(async || axum::http::StatusCode::NO_CONTENT))
        .route("/page/live.js", get(live))
        .route("/page/resend", post(actions::resend))
        .route("/page/pay", post(actions::pay))
        .route("/page/close", post(actions::close))
        .route("/page/clock", post(actions::clock))
        .route("/page/drop", post(actions::drop_notifications))
        .route("/page/fault", post(actions::add_fault))
        .route("/page/faults-clear", post(actions::clear_faults))
        .route("/page/user", post(actions::user))
        .route("/page/payment-code", post(actions::payment_code))
}

async fn show(State(app): State<SharedState>) -> Html<String> {
    let shop = ShopClock::ask(&app).await;
    Html(page(&app, shop))
}

async fn live() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/javascript; charset=utf-8")], LIVE)
}

/// A heading in Chinese and English.
fn heading(chinese: &str, english: &str) -> String {
    format!("<h2>{chinese} <small lang=\"en\">{english}</small></h2>")
}

/// A sentence in Chinese, and the same in English.
fn sentence(chinese: &str, english: &str) -> String {
    format!("<p>{chinese}<br><small lang=\"en\">{english}</small></p>")
}

fn section(id: &str, heading: &str, body: &str) -> String {
    format!("<section id=\"{id}\">{heading}{body}</section>")
}

fn page(app: &AppState, shop: ShopClock) -> String {
    let now = app.clock.now();
    let db = app.database();
    let phone = escape(&app.addresses.phone);
    let user_form = "<form method=\"post\" action=\"/page/user\" class=\"row\"><label>昵称 <input name=\"nickname\" \
         required></label> <button>新用户 <small lang=\"en\">New user</small></button></form>";
    let sections = [
        section("next", &heading("接下来做什么", "What to do next"), &next_steps::show(&db, &phone, now)),
        section("orders", &heading("订单", "Orders"), &tables::orders(&db, now)),
        section("refunds", &heading("退款", "Refunds"), &tables::refunds(&db, now)),
        section("requests", &heading("请求", "Requests"), &requests_section::show(app)),
        section("notifications", &heading("通知", "Notifications"), &tables::notifications(&db)),
        section("clock", &heading("时钟", "Clock"), &clock_section::show(&app.clock, shop)),
        section("faults", &heading("故障", "Faults"), &fault_section::show(&db)),
        section("users", &heading("用户", "Users"), &(tables::users(&db, &phone) + user_form)),
        section("messages", &heading("消息", "Messages"), &message_section::show(&db)),
        section("miniprogram", &heading("小程序", "Mini program"), &tables::program_calls(&db)),
    ]
    .concat();
    format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>模拟微信</title>\
         <style>{STYLE}</style></head><body><header><h1>模拟微信 <small lang=\"en\">Simulated WeChat</small></h1>\
         <a class=\"button\" href=\"/\">刷新</a></header>\
         <nav><a href=\"#orders\">订单</a> <a href=\"#requests\">请求</a> <a href=\"#notifications\">通知</a> <a href=\"#messages\">消息</a> <a href=\"#clock\">时钟</a> \
         <a href=\"#faults\">故障</a> <a href=\"#users\">用户</a></nav><main>{sections}</main>\
         <footer><a href=\"/_simulator/ledger\">账本 ledger</a> <a href=\"/_simulator/account\">账号 account</a> \
         <a href=\"/_simulator/env\">.env</a></footer><script src=\"/page/live.js\" defer></script></body></html>",
    )
}
