//! The page on which a user agrees to share name and picture.

use axum::{
    Form,
    extract::State,
    response::{Html, IntoResponse, Response},
};
use serde::Deserialize;

use super::{
    authorize::{self, AuthorizeRequest},
    error_page::{Refusal, notice},
};
use crate::{
    app_state::{AppState, SharedState},
    html::escape,
    random,
};

/// A consent page without an answer.
pub(crate) struct Consent {
    pub(super) request: AuthorizeRequest,
    /// The user who must answer; empty if any user may scan.
    pub(super) openid: String,
}

#[derive(Deserialize)]
pub(super) struct ConsentForm {
    ticket: String,
    answer: Choice,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Choice {
    Allow,
    /// Closes the page.
    Refuse,
    /// Redirects to the shop without a code, like the flow for web sites.
    RefuseAndReturn,
}

pub(super) fn ask(app: &AppState, request: AuthorizeRequest, openid: String) -> Response {
    let ticket = random::hex(32);
    let mut db = app.database();
    let name = escape(&request.app.name);
    let nickname = escape(db.user(&openid).map_or("", |user| &user.nickname));
    db.consents.insert(ticket.clone(), Consent { request, openid });
    drop(db);
    let button = |id: &str, value: &str, label: &str, style: &str| {
        format!("<button id=\"{id}\" class=\"{style}\" name=\"answer\" value=\"{value}\">{label}</button>")
    };
    Html(format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>微信登录</title>\
         <style>:root{{color-scheme:light dark}}body{{font:17px/1.6 -apple-system,sans-serif;margin:15vh 24px;\
         text-align:center}}button{{display:block;width:184px;margin:16px auto;padding:10px;border:0;\
         border-radius:8px;font:inherit}}.primary{{background:#06803f;color:#fff}}.link{{background:none;\
         font-size:14px;text-decoration:underline}}h1{{font-size:24px}}</style></head>\
         <body><main><h1>{name}</h1>\
         <p>申请获取你的昵称、头像（{nickname}）</p><form method=\"post\" action=\"/connect/oauth2/consent\">\
         <input type=\"hidden\" name=\"ticket\" value=\"{ticket}\">{}{}{}</form></main></body></html>",
        button("wechat-allow", "allow", "允许", "primary"),
        button("wechat-refuse", "refuse", "拒绝", ""),
        button("wechat-refuse-return", "refuse_and_return", "拒绝并返回（不带 code）", "link"),
    ))
    .into_response()
}

pub(super) async fn answer(State(app): State<SharedState>, Form(answer): Form<ConsentForm>) -> Response {
    let asked = app.database().consents.remove(&answer.ticket).filter(|asked| !asked.openid.is_empty());
    let Some(Consent { request, openid }) = asked else {
        return Refusal::Link("授权页已失效").into_response();
    };
    match answer.answer {
        Choice::Allow => {
            if let Some(user) = app.database_mut().users.iter_mut().find(|user| user.is(&openid)) {
                user.consented = true;
            }
            authorize::login(&app, &request, &openid, false)
        }
        Choice::Refuse => notice("已拒绝", "你已拒绝授权，页面已关闭"),
        Choice::RefuseAndReturn => authorize::redirect(&request, None),
    }
}
