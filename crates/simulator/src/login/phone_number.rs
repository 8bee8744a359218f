//! `POST /wxa/business/getuserphonenumber` (wechat-protocol.md, 6).

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::Method,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{ApiError, api_error::cgi_bin, open_data::phone_info, token};
use crate::{
    app_state::{AppState, SharedState},
    clock::{MINUTE, Millis},
    database::Database,
    query::Query,
    random,
    user::User,
};

/// How long an unused code is valid.
const CODE_LIFETIME: Millis = 5 * MINUTE;

/// A code of the phone number button.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PhoneCode {
    appid: String,
    openid: String,
    issued_at: Millis,
    used: bool,
}

/// Acts as if this user had pressed the button in this mini program.
pub(crate) fn phone_code(db: &mut Database, appid: &str, user: &User, now: Millis) -> String {
    let code = random::hex(64);
    let openid = db.accounts.openid(user, appid).to_owned();
    let issued = PhoneCode { appid: appid.to_owned(), openid, issued_at: now, used: false };
    db.phone_codes.insert(code.clone(), issued);
    code
}

#[derive(Deserialize)]
struct PhoneNumberRequest {
    code: Option<String>,
    openid: Option<String>,
}

pub(super) async fn getuserphonenumber(
    State(app): State<SharedState>,
    method: Method,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    if method != Method::POST {
        return ApiError::POST_REQUIRED.into_response();
    }
    let answer = answer(&app, &Query::parse(query.as_deref()), &body);
    answer.map_or_else(IntoResponse::into_response, |body| cgi_bin(&body))
}

fn answer(app: &AppState, query: &Query, body: &[u8]) -> Result<Value, ApiError> {
    let now = app.clock.now();
    let mut db = app.database_mut();
    let appid = token::check(&db, query.get("access_token"), now)?.to_owned();
    if db.accounts.miniprogram(&appid).is_none() {
        return Err(ApiError::UNAUTHORIZED);
    }
    let request: PhoneNumberRequest = serde_json::from_slice(body).map_err(|_| ApiError::DATA_FORMAT)?;
    let code = request.code.as_deref().unwrap_or_default();
    let issued = db.phone_codes.get_mut(code).filter(|issued| issued.appid == appid);
    let issued = issued.ok_or(ApiError::CODE)?;
    if issued.used || now >= issued.issued_at + CODE_LIFETIME {
        return Err(ApiError::CODE);
    }
    if request.openid.is_some_and(|openid| openid != issued.openid) {
        return Err(ApiError::OPENID);
    }
    issued.used = true;
    let openid = issued.openid.clone();
    let user = db.user(&openid).ok_or(ApiError::CODE)?;
    Ok(json!({ "errcode": 0, "errmsg": "ok", "phone_info": phone_info(&appid, user) }))
}
