//! `GET /`: the simulator's web page.

mod actions;
mod tables;

use axum::{
    Router,
    extract::State,
    response::Html,
    routing::{get, post},
};

use crate::{
    app_state::{AppState, SharedState},
    clock::rfc3339,
    html::escape,
};

const STYLE: &str = include_str!("style.css");

/// The page and its buttons.
pub(crate) fn routes() -> Router<SharedState> {
    Router::new()
        .route("/", get(show))
        // browsers request it on every page of the simulator
        .route("/favicon.ico", get(async || axum::http::StatusCode::NO_CONTENT))
        .route("/page/pay", post(actions::pay))
        .route("/page/close", post(actions::close))
        .route("/page/clock", post(actions::clock))
        .route("/page/drop", post(actions::drop_notifications))
        .route("/page/user", post(actions::user))
        .route("/page/payment-code", post(actions::payment_code))
}

async fn show(State(app): State<SharedState>) -> Html<String> {
    Html(page(&app))
}

/// A number of seconds as a person says it: `2 小时 5 分`, `40 秒`.
fn length(seconds: i64) -> String {
    let units = [(86_400, "天"), (3_600, "小时"), (60, "分"), (1, "秒")];
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (unit, name) in units {
        if rest >= unit {
            parts.push(format!("{} {name}", rest / unit));
            rest %= unit;
        }
    }
    if parts.is_empty() { "0 秒".to_owned() } else { parts.join(" ") }
}

fn page(app: &AppState) -> String {
    let now = app.clock.now();
    let db = app.database();
    let phone = escape(&app.addresses.phone);
    let dropping = db.delivery_faults.drop.is_some();
    let drop_label = if dropping { "恢复通知" } else { "丢弃通知" };
    let drop_state = if dropping { "<b class=\"bad\">通知不送达</b>" } else { "通知正常送达" };
    let ahead = length(app.clock.ahead() / 1000);
    let users = tables::users(&db, &phone);
    let orders = tables::orders(&db, now);
    let refunds = tables::refunds(&db, now);
    let program_calls = tables::program_calls(&db);
    let notifications = tables::notifications(&db);
    format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>模拟微信</title>\
         <style>{STYLE}</style></head><body><header><h1>模拟微信</h1>\
         <a class=\"primary\" id=\"open-phone\" href=\"{phone}/\">打开手机</a> <a href=\"/\">刷新</a></header>\
         <section><h2>时间</h2><p>{now}（比真实时间快 {ahead}）</p>\
         <form method=\"post\" action=\"/page/clock\">{clock}</form></section>\
         <section><h2>用户</h2>{users}<form method=\"post\" action=\"/page/user\">\
         <input name=\"nickname\" required placeholder=\"昵称\"> <button>新用户</button></form></section>\
         <section><h2>订单</h2>{orders}</section>\
         <section><h2>退款</h2>{refunds}</section>\
         <section><h2>小程序</h2>{program_calls}</section>\
         <section><h2>通知</h2><form method=\"post\" action=\"/page/drop\">{drop_state} \
         <button>{drop_label}</button></form>{notifications}</section>\
         <footer><a href=\"/_simulator/ledger\">账本</a> <a href=\"/_simulator/account\">账号</a> \
         <a href=\"/_simulator/env\">.env</a></footer></body></html>",
        now = rfc3339(now),
        clock = [(60, "1 分钟"), (300, "5 分钟"), (7200, "2 小时"), (86400, "1 天")]
            .map(|(seconds, label)| format!(
                "<button name=\"advance_s\" value=\"{seconds}\">快进 {label}</button>"
            ))
            .join(" "),
    )
}
