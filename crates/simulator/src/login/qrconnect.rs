//! `GET /connect/qrconnect`: the page of a website application with a code to scan (wechat-protocol-2.md, 10).
//!
//! Instead of the code, the page shows a button for each user. A tap counts as a scan by this user.

use axum::{
    Form,
    extract::{RawQuery, State},
    http::HeaderMap,
    response::{Html, IntoResponse, Response},
};
use serde::Deserialize;
use url::Url;

use super::{
    authorize::{self, AuthorizeRequest, MAX_STATE_LENGTH, Scope, user_of_browser},
    consent::Consent,
    error_page::Refusal,
};
use crate::{
    app_state::{AppState, SharedState},
    html::escape,
    query::Query,
    random,
};

/// The largest number of users that the page offers.
const MAX_USERS: usize = 20;

pub(super) async fn page(
    State(app): State<SharedState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    show(&app, &Query::parse(query.as_deref()), &headers).unwrap_or_else(IntoResponse::into_response)
}

fn show(app: &AppState, query: &Query, headers: &HeaderMap) -> Result<Response, Refusal> {
    let request = read(app, query)?;
    let mut db = app.database();
    let browser = user_of_browser(&db, None, headers).map(|user| user.openid.clone());
    // the user of this browser first
    let mut users: Vec<_> = db.users.iter().collect();
    users.sort_by_key(|user| Some(&user.openid) != browser.as_ref());
    let buttons: String = users
        .into_iter()
        .take(MAX_USERS)
        .map(|user| {
            format!(
                "<button class=\"scan\" name=\"user\" value=\"{}\">{}</button>",
                escape(&user.openid),
                escape(&user.nickname)
            )
        })
        .collect();
    let (ticket, name) = (random::hex(32), escape(&request.app.name));
    db.consents.insert(ticket.clone(), Consent { request, openid: String::new() });
    Ok(Html(format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>微信登录</title>\
         <style>:root{{color-scheme:light dark}}body{{font:17px/1.6 -apple-system,sans-serif;margin:10vh 24px;\
         text-align:center}}button{{display:block;width:184px;margin:12px auto;padding:10px;border:0;\
         border-radius:8px;font:inherit}}.link{{background:none;font-size:14px;text-decoration:underline}}\
         h1{{font-size:24px}}</style></head><body><main><h1>微信登录</h1><p>使用微信扫一扫登录“{name}”</p>\
         <form method=\"post\" action=\"/connect/qrconnect\"><input type=\"hidden\" name=\"ticket\" value=\"{ticket}\">\
         {buttons}<button id=\"wechat-refuse\" class=\"link\" name=\"user\" value=\"\">拒绝（不带 code 返回）</button>\
         </form></main></body></html>"
    ))
    .into_response())
}

fn read(app: &AppState, query: &Query) -> Result<AuthorizeRequest, Refusal> {
    let appid = query.get("appid").ok_or(Refusal::NoAppid)?;
    let account = app.database().accounts.website(appid).cloned().ok_or(Refusal::NoWebsite)?;
    if query.get("scope") != Some(Scope::Login.as_str()) {
        return Err(Refusal::Scope);
    }
    if query.get("response_type") != Some("code") {
        return Err(Refusal::Link("response_type必须为code"));
    }
    let redirect_uri = query.get("redirect_uri").ok_or(Refusal::NoRedirectUri)?;
    let redirect_uri = Url::parse(redirect_uri).map_err(|_| Refusal::Domain)?;
    if !app.settings().allows_login_at(&account, &redirect_uri) {
        return Err(Refusal::Domain);
    }
    let state = query.get("state");
    if state.is_some_and(|state| state.len() > MAX_STATE_LENGTH) {
        return Err(Refusal::Link("state过长"));
    }
    Ok(AuthorizeRequest { app: account, redirect_uri, scope: Scope::Login, state: state.map(str::to_owned) })
}

#[derive(Deserialize)]
pub(super) struct Scan {
    ticket: String,
    /// The user's openid for the first service account. Empty means that the user refused.
    user: String,
}

/// A user scans the code. If the user refuses, the browser goes back with `state` only.
pub(super) async fn scan(State(app): State<SharedState>, Form(scan): Form<Scan>) -> Response {
    let Some(Consent { request, .. }) = app.database().consents.remove(&scan.ticket) else {
        return Refusal::Link("二维码已失效").into_response();
    };
    let openid = {
        let db = app.database();
        db.user(&scan.user).map(|user| db.accounts.openid(user, &request.app.appid).to_owned())
    };
    match openid {
        Some(openid) => authorize::login(&app, &request, &openid, false),
        None => authorize::redirect(&request, None),
    }
}
