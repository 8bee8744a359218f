//! The error pages of the login: HTTP 200 and a code to read.

use axum::response::{Html, IntoResponse, Response};

use crate::html::escape;

/// Why the login page does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The address does not have the documented form. WeChat checks it with a strict pattern.
    Link(&'static str),
    Domain,
    Scope,
    NoScope,
    NoRedirectUri,
    NoAppid,
    OtherAppid,
    /// No website application has the appid.
    NoWebsite,
    NotWeChat,
}

impl Refusal {
    fn message(self) -> String {
        match self {
            Self::Link(why) => format!("链接无法打开：{why}"),
            Self::Domain => coded("redirect_uri域名与后台配置不一致", 10003),
            Self::Scope => coded("此公众号并没有这些scope的权限", 10005),
            Self::NoScope => coded("scope不能为空", 10010),
            Self::NoRedirectUri => coded("redirect_uri不能为空", 10011),
            Self::NoAppid => coded("appid不能为空", 10012),
            Self::OtherAppid => coded("不支持微信开放平台的Appid，请使用公众号Appid", 10016),
            // no document has this text; developers report it
            Self::NoWebsite => "AppID 参数错误".to_owned(),
            Self::NotWeChat => "请在微信客户端打开链接".to_owned(),
        }
    }
}

fn coded(message: &str, code: u32) -> String {
    format!("{message}，错误码:{code}")
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        notice("抱歉，出错了", &self.message())
    }
}

/// A page with one message.
pub(super) fn notice(title: &str, message: &str) -> Response {
    let (title, message) = (escape(title), escape(message));
    Html(format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{title}</title>\
         <style>body{{font:17px/1.6 -apple-system,sans-serif;text-align:center;margin:20vh 24px;\
         color-scheme:light dark}}h1{{font:inherit}}i{{font-size:64px;font-style:normal;color:#fa5151}}</style></head>\
         <body><main><i aria-hidden=\"true\">!</i><h1 id=\"message\">{message}</h1></main></body></html>"
    ))
    .into_response()
}
