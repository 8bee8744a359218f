//! Calls that send JSON with an account's `access_token`.

use axum::{
    http::Method,
    response::{IntoResponse, Response},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{ApiError, api_error::cgi_bin, token};
use crate::{app_state::SharedState, clock::Millis, database::Database, query::Query};

/// The accounts that may make a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AccountKind {
    Service,
    MiniProgram,
}

/// Reads the token and the body, runs the call for the account of the token, and adds `errcode` 0 to the answer.
pub(crate) fn token_call<T: DeserializeOwned>(
    app: &SharedState,
    of: AccountKind,
    method: &Method,
    query: Option<&str>,
    body: &[u8],
    run: impl FnOnce(&mut Database, &str, T, Millis) -> Result<Value, ApiError>,
) -> Response {
    let answer = || {
        if *method != Method::POST {
            return Err(ApiError::POST_REQUIRED);
        }
        let now = app.clock.now();
        let mut db = app.database_mut();
        let appid = token::check(&db, Query::parse(query).get("access_token"), now)?.to_owned();
        let is_allowed = match of {
            AccountKind::Service => db.accounts.service_account(&appid).is_some(),
            AccountKind::MiniProgram => db.accounts.miniprogram(&appid).is_some(),
        };
        if !is_allowed {
            return Err(ApiError::UNAUTHORIZED);
        }
        let request = serde_json::from_slice(body).map_err(|_| ApiError::DATA_FORMAT)?;
        run(&mut db, &appid, request, now)
    };
    match answer() {
        Ok(mut answer) => {
            answer["errcode"] = 0.into();
            answer["errmsg"] = "ok".into();
            cgi_bin(&answer)
        }
        Err(error) => error.into_response(),
    }
}
