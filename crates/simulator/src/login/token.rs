//! The `access_token` of an account (wechat-protocol.md, 2.1, 2.2 and 2.4).

use axum::{
    Extension,
    body::Bytes,
    extract::{RawQuery, State},
    http::Method,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{ApiError, api_error::cgi_bin};
use crate::{
    app_state::{AppState, SharedState},
    clock::{self, HOUR, MINUTE, Millis, SECOND},
    database::Database,
    listener::Peer,
    query::Query,
    random,
};

const LIFETIME: Millis = 2 * HOUR;

/// How long the old token works beside the new one.
const OVERLAP: Millis = 5 * MINUTE;

/// The limits of forced refreshes.
const MAX_FORCED_PER_DAY: usize = 20;
const MIN_FORCED_INTERVAL: Millis = 30 * SECOND;

/// The largest number of classic tokens per day.
const MAX_CLASSIC_PER_DAY: usize = 2000;

/// The length of the shortest token, in characters. A shorter text was never a token.
const MIN_TOKEN_LENGTH: usize = 64;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Token {
    pub(crate) access_token: String,
    pub(crate) mode: TokenMode,
    pub(crate) appid: String,
    pub(crate) issued_at: Millis,
    pub(crate) expires_at: Millis,
    /// When a newer token replaced this one.
    pub(crate) ended_at: Option<Millis>,
}

/// The two kinds of tokens are independent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TokenMode {
    Classic,
    Stable,
}

impl Token {
    fn new(mode: TokenMode, appid: &str, now: Millis) -> Self {
        let access_token = format!("{}_{}", clock::day(now) % 100, random::alphanumeric(133));
        Self {
            access_token,
            mode,
            appid: appid.to_owned(),
            issued_at: now,
            expires_at: now + LIFETIME,
            ended_at: None,
        }
    }

    pub(crate) fn is_valid(&self, now: Millis) -> bool {
        now < self.expires_at && self.ended_at.is_none_or(|ended_at| now < ended_at)
    }

    fn answer(&self, now: Millis) -> Value {
        json!({ "access_token": self.access_token, "expires_in": (self.expires_at - now) / SECOND })
    }
}

/// Checks a token. Returns the appid of its account.
pub(crate) fn check<'a>(
    db: &'a Database,
    token_value: Option<&str>,
    now: Millis,
) -> Result<&'a str, ApiError> {
    let token_value = token_value.ok_or(ApiError::TOKEN_MISSING)?;
    if token_value.len() < MIN_TOKEN_LENGTH {
        return Err(ApiError::MALFORMED_TOKEN);
    }
    let token =
        db.tokens.iter().find(|token| token.access_token == token_value).ok_or(ApiError::CGI_CREDENTIAL)?;
    if token.is_valid(now) {
        Ok(&token.appid)
    } else if token.ended_at.is_some() {
        Err(ApiError::CGI_CREDENTIAL)
    } else {
        Err(ApiError::TOKEN_EXPIRED)
    }
}

pub(super) async fn classic(
    State(app): State<SharedState>,
    Extension(peer): Extension<Peer>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = Query::parse(query.as_deref());
    let credentials = (query.get("grant_type"), query.get("appid"), query.get("secret"));
    let answer = authenticate(&app, peer, credentials).and_then(|appid| new_classic(&app, &appid));
    answer.map_or_else(IntoResponse::into_response, |body| cgi_bin(&body))
}

#[derive(Deserialize)]
struct StableTokenRequest {
    grant_type: Option<String>,
    appid: Option<String>,
    secret: Option<String>,
    #[serde(default)]
    force_refresh: bool,
}

pub(super) async fn stable(
    State(app): State<SharedState>,
    Extension(peer): Extension<Peer>,
    method: Method,
    body: Bytes,
) -> Response {
    if method != Method::POST {
        return ApiError::POST_REQUIRED.into_response();
    }
    let Ok(request) = serde_json::from_slice::<StableTokenRequest>(&body) else {
        return ApiError::DATA_FORMAT.into_response();
    };
    let credentials = (request.grant_type.as_deref(), request.appid.as_deref(), request.secret.as_deref());
    let answer = authenticate(&app, peer, credentials).and_then(|appid| match request.force_refresh {
        true => forced(&app, &appid),
        false => Ok(normal(&app, &appid)),
    });
    answer.map_or_else(IntoResponse::into_response, |body| cgi_bin(&body))
}

/// Checks the credentials and the IP address. Returns the account.
fn authenticate(
    app: &AppState,
    peer: Peer,
    (grant_type, appid, secret): (Option<&str>, Option<&str>, Option<&str>),
) -> Result<String, ApiError> {
    // an unknown appid is refused before another grant_type (wechat-protocol-2.md, 12)
    let settings = app.settings().clone();
    let db = app.database();
    let account = match appid {
        Some(appid) => Some(db.accounts.apps().find(|known| known.appid == appid).ok_or(ApiError::APPID)?),
        None => None,
    };
    if grant_type != Some("client_credential") {
        return Err(ApiError::GRANT_TYPE);
    }
    let account = account.ok_or(ApiError::APPID_MISSING)?;
    match secret {
        None => return Err(ApiError::SECRET_MISSING),
        Some(secret) if secret == account.secret => {}
        Some(_) => return Err(ApiError::SECRET),
    }
    // mini programs have no whitelist
    if db.accounts.miniprogram(&account.appid).is_some() || settings.allows_ip(account, &peer.ip()) {
        Ok(account.appid.clone())
    } else {
        Err(ApiError::not_whitelisted(&peer.ip(), &peer.mapped()))
    }
}

/// Always creates a new token. The previous one works for five more minutes.
fn new_classic(app: &AppState, appid: &str) -> Result<Value, ApiError> {
    let now = app.clock.now();
    let mut db = app.database_mut();
    let of_mode =
        db.tokens.iter_mut().filter(|token| token.mode == TokenMode::Classic && token.appid == appid);
    let mut today = 0;
    for token in of_mode {
        today += usize::from(clock::day(token.issued_at) == clock::day(now));
        token.ended_at.get_or_insert(now + OVERLAP);
    }
    if today >= MAX_CLASSIC_PER_DAY {
        return Err(ApiError::DAILY_LIMIT);
    }
    Ok(issue(&mut db, TokenMode::Classic, appid, now))
}

fn issue(db: &mut Database, mode: TokenMode, appid: &str, now: Millis) -> Value {
    let token = Token::new(mode, appid, now);
    let answer = token.answer(now);
    db.tokens.push(token);
    answer
}

/// Returns the same token until five minutes are left, then a new one beside it.
fn normal(app: &AppState, appid: &str) -> Value {
    let now = app.clock.now();
    let mut db = app.database_mut();
    match current(&db, appid, now) {
        Some(token) if token.expires_at - now > OVERLAP => token.answer(now),
        _ => issue(&mut db, TokenMode::Stable, appid, now),
    }
}

fn current<'a>(db: &'a Database, appid: &str, now: Millis) -> Option<&'a Token> {
    let stable = |token: &&Token| token.mode == TokenMode::Stable && token.appid == appid;
    db.tokens.iter().rev().filter(stable).find(|token| token.is_valid(now))
}

/// Creates a new token and ends the old one at once. If the last forced refresh was too recent, the old token stays.
fn forced(app: &AppState, appid: &str) -> Result<Value, ApiError> {
    let now = app.clock.now();
    let mut db = app.database_mut();
    let last = refreshes(&mut db, appid).last().copied();
    if let (Some(last), Some(token)) = (last, current(&db, appid, now))
        && now - last < MIN_FORCED_INTERVAL
    {
        return Ok(token.answer(now));
    }
    let today = refreshes(&mut db, appid).iter().filter(|at| clock::day(**at) == clock::day(now)).count();
    if today >= MAX_FORCED_PER_DAY {
        return Err(ApiError::DAILY_LIMIT);
    }
    refreshes(&mut db, appid).push(now);
    let stable = |token: &&mut Token| token.mode == TokenMode::Stable && token.appid == appid;
    for token in db.tokens.iter_mut().filter(stable) {
        token.ended_at.get_or_insert(now);
    }
    Ok(issue(&mut db, TokenMode::Stable, appid, now))
}

/// The times of forced refreshes of this account.
fn refreshes<'a>(db: &'a mut Database, appid: &str) -> &'a mut Vec<Millis> {
    db.token_refreshes.entry(appid.to_owned()).or_default()
}
