//! Errors of api.weixin.qq.com: HTTP 200, `{"errcode":N,"errmsg":"…"}`.

use std::borrow::Cow;

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::random;

/// An `errcode` and its message. The response adds the id of the request to the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    code: i64,
    message: Cow<'static, str>,
}

impl ApiError {
    pub(crate) const BUSY: Self = Self::new(-1, "system error");
    pub(crate) const CREDENTIAL: Self =
        Self::new(40001, "invalid credential, access_token is invalid or not latest");
    /// The same error of `/cgi-bin`, with a longer text.
    pub(crate) const CGI_CREDENTIAL: Self = Self::new(
        40001,
        "invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken, more \
         details at https://mmbizurl.cn/s/JtxxFh33r",
    );
    pub(crate) const GRANT_TYPE: Self = Self::new(40002, "invalid grant_type");
    pub(crate) const OPENID: Self = Self::new(40003, "invalid openid");
    pub(crate) const APPID: Self = Self::new(40013, "invalid appid");
    pub(crate) const MALFORMED_TOKEN: Self = Self::new(40014, "invalid access_token");
    pub(crate) const CODE: Self = Self::new(40029, "invalid code");
    pub(crate) const REFRESH_TOKEN: Self = Self::new(40030, "invalid refresh_token");
    pub(crate) const TEMPLATE_ID: Self = Self::new(40037, "invalid template_id");
    pub(crate) const ARGUMENTS: Self = Self::new(40097, "invalid args");
    pub(crate) const SECRET: Self = Self::new(40125, "invalid appsecret");
    pub(crate) const SCENE: Self = Self::new(40129, "invalid scene");
    pub(crate) const CODE_USED: Self = Self::new(40163, "code been used");
    pub(crate) const PATH: Self = Self::new(40165, "invalid weapp pagepath");
    pub(crate) const QUERY: Self = Self::new(40212, "invalid query");
    pub(crate) const TOKEN_MISSING: Self = Self::new(41001, "access_token missing");
    pub(crate) const APPID_MISSING: Self = Self::new(41002, "appid missing");
    pub(crate) const REFRESH_TOKEN_MISSING: Self = Self::new(41003, "refresh_token missing");
    pub(crate) const SECRET_MISSING: Self = Self::new(41004, "appsecret missing");
    pub(crate) const CODE_MISSING: Self = Self::new(41008, "missing code");
    pub(crate) const OPENID_MISSING: Self = Self::new(41009, "missing openid");
    pub(crate) const PAGE: Self = Self::new(41030, "invalid page");
    pub(crate) const TOKEN_EXPIRED: Self = Self::new(42001, "access_token expired");
    pub(crate) const REFRESH_TOKEN_EXPIRED: Self = Self::new(42002, "refresh_token expired");
    pub(crate) const POST_REQUIRED: Self = Self::new(43002, "require POST method");
    pub(crate) const FOLLOWERS_ONLY: Self = Self::new(43004, "require subscribe");
    pub(crate) const NO_CONSENT: Self = Self::new(43101, "user refuse to accept the msg");
    pub(crate) const DAILY_LIMIT: Self = Self::new(45009, "reach max api daily quota limit");
    pub(crate) const MINUTE_LIMIT: Self =
        Self::new(45011, "api minute-quota reach limit, must slower, retry next minute");
    pub(crate) const DATA_FORMAT: Self = Self::new(47001, "data format error");
    pub(crate) const UNAUTHORIZED: Self = Self::new(48001, "api unauthorized");

    pub(crate) const LINK_TIME: Self = Self::new(85401, "time limit between 1min and 30 days");
    pub(crate) const VERSION: Self = Self::new(85402, "invalid env_version");

    const fn new(code: i64, message: &'static str) -> Self {
        Self { code, message: Cow::Borrowed(message) }
    }

    /// 40164: the caller is not on the whitelist.
    pub(crate) fn not_whitelisted(ip: &str, mapped: &str) -> Self {
        let message = format!("invalid ip {ip} ipv6 {mapped}, not in whitelist");
        Self { code: 40164, message: Cow::Owned(message) }
    }

    /// 47003: a field of a message does not fit its kind.
    pub(crate) fn invalid_field(name: &str) -> Self {
        Self { code: 47003, message: Cow::Owned(format!("argument invalid! data.{name}.value invalid")) }
    }

    /// A refusal of trade management. WeChat adds a hint to its texts.
    pub(crate) fn of_trade_management(code: i64, text: &str) -> Self {
        Self { code, message: Cow::Owned(format!("{text}, hint: [{}]", random::hex(32))) }
    }

    /// The code and message of a fault. The code is -1 if the fault has none.
    pub(crate) fn custom(code: Option<&str>, message: Option<&str>) -> Self {
        let code = code.and_then(|code| code.parse().ok()).unwrap_or(-1);
        Self { code, message: Cow::Owned(message.unwrap_or("system error").to_owned()) }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        cgi_bin(&json!({ "errcode": self.code, "errmsg": format!("{} {}", self.message, random::rid()) }))
    }
}

/// A response of `/cgi-bin`.
pub(crate) fn cgi_bin(body: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json; encoding=utf-8")], body.to_string()).into_response()
}

/// A response of `/sns`: JSON with the content type of text.
pub(super) fn sns(body: &Value) -> Response {
    ([(header::CONTENT_TYPE, "text/plain")], body.to_string()).into_response()
}
