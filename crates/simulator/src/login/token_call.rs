//! Calls that send JSON with an account's `access_token`.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
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

/// A request with a token and a JSON body.
pub(crate) struct TokenCall {
    pub(crate) app: SharedState,
    method: Method,
    query: Option<String>,
    body: Bytes,
}

impl FromRequest<SharedState> for TokenCall {
    type Rejection = Response;

    async fn from_request(request: Request, app: &SharedState) -> Result<Self, Response> {
        let (method, query) = (request.method().clone(), request.uri().query().map(str::to_owned));
        let body = Bytes::from_request(request, app).await.map_err(IntoResponse::into_response)?;
        Ok(Self { app: app.clone(), method, query, body })
    }
}

impl TokenCall {
    /// Reads the token and the body, runs the call for the account of the token, and adds `errcode` 0 to the answer.
    pub(crate) fn answer<T: DeserializeOwned>(
        &self,
        of: AccountKind,
        run: impl FnOnce(&mut Database, &str, T, Millis) -> Result<Value, ApiError>,
    ) -> Response {
        match self.run(of, run) {
            Ok(mut answer) => {
                answer["errcode"] = 0.into();
                answer["errmsg"] = "ok".into();
                cgi_bin(&answer)
            }
            Err(error) => error.into_response(),
        }
    }

    /// Like [`Self::answer`], for a call whose answer is a file.
    pub(crate) fn answer_file<T: DeserializeOwned>(
        &self,
        of: AccountKind,
        run: impl FnOnce(T) -> Result<Response, ApiError>,
    ) -> Response {
        let mut file = None;
        let ran = self.run(of, |_, _, request, _| {
            file = Some(run(request)?);
            Ok(Value::Null)
        });
        match ran {
            Ok(_) => file.unwrap_or_default(),
            Err(error) => error.into_response(),
        }
    }

    fn run<T: DeserializeOwned>(
        &self,
        of: AccountKind,
        run: impl FnOnce(&mut Database, &str, T, Millis) -> Result<Value, ApiError>,
    ) -> Result<Value, ApiError> {
        if self.method != Method::POST {
            return Err(ApiError::POST_REQUIRED);
        }
        let now = self.app.clock.now();
        let mut db = self.app.database_mut();
        let query = Query::parse(self.query.as_deref());
        let appid = token::check(&db, query.get("access_token"), now)?.to_owned();
        let is_allowed = match of {
            AccountKind::Service => db.accounts.service_account(&appid).is_some(),
            AccountKind::MiniProgram => db.accounts.miniprogram(&appid).is_some(),
        };
        if !is_allowed {
            return Err(ApiError::UNAUTHORIZED);
        }
        let request = serde_json::from_slice(&self.body).map_err(|_| ApiError::DATA_FORMAT)?;
        run(&mut db, &appid, request, now)
    }
}
