//! `GET /cgi-bin/ticket/getticket` (wechat-protocol.md, 2.3).

use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{ApiError, api_error::cgi_bin, token};
use crate::{
    app_state::{AppState, SharedState},
    clock::{HOUR, MINUTE, Millis, SECOND},
    database::Database,
    diagnosis::Tickets,
    query::Query,
    random,
};

const LIFETIME: Millis = 2 * HOUR;

/// If less than this time is left, the next ticket is created and both are valid.
const OVERLAP: Millis = 5 * MINUTE;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Ticket {
    appid: String,
    pub(crate) ticket: String,
    /// `jsapi` or `wx_card`. Only a `jsapi` ticket signs pages.
    kind: String,
    expires_at: Millis,
}

pub(super) async fn getticket(State(app): State<SharedState>, RawQuery(query): RawQuery) -> Response {
    let answer = ticket(&app, &Query::parse(query.as_deref()));
    answer.map_or_else(IntoResponse::into_response, |body| cgi_bin(&body))
}

fn ticket(app: &AppState, query: &Query) -> Result<Value, ApiError> {
    let now = app.clock.now();
    let mut db = app.database_mut();
    let appid = token::check(&db, query.get("access_token"), now)?.to_owned();
    // a mini program has no pages to sign
    if db.accounts.service_account(&appid).is_none() {
        return Err(ApiError::UNAUTHORIZED);
    }
    let kind = query.get("type").filter(|kind| ["jsapi", "wx_card"].contains(kind));
    let kind = kind.ok_or(ApiError::ARGUMENTS)?;
    let fresh =
        |ticket: &&Ticket| ticket.appid == appid && ticket.kind == kind && ticket.expires_at - now > OVERLAP;
    let found = db.tickets.iter().rev().find(fresh).cloned();
    let ticket = found.unwrap_or_else(|| {
        let ticket = Ticket {
            appid: appid.clone(),
            ticket: format!("O3SMpm8bG7kJnF36aXbe{}-", random::alphanumeric(65)),
            kind: kind.to_owned(),
            expires_at: now + LIFETIME,
        };
        db.tickets.push(ticket.clone());
        ticket
    });
    let left = (ticket.expires_at - now) / SECOND;
    Ok(json!({ "errcode": 0, "errmsg": "ok", "ticket": ticket.ticket, "expires_in": left }))
}

/// All tickets and tokens of a service account, for the signature doctor.
pub(crate) fn all_tickets(db: &Database, appid: &str, now: Millis) -> Tickets {
    let of = |kind: &str, valid: bool| -> Vec<String> {
        let found = db.tickets.iter().filter(|ticket| {
            ticket.appid == appid && ticket.kind == kind && (now < ticket.expires_at) == valid
        });
        found.map(|ticket| ticket.ticket.clone()).collect()
    };
    Tickets {
        valid: of("jsapi", true),
        expired: of("jsapi", false),
        card: [of("wx_card", true), of("wx_card", false)].concat(),
        access_tokens: db.tokens.iter().map(|token| token.access_token.clone()).collect(),
    }
}

/// The tickets with which a page of this service account may be signed now.
pub(crate) fn live_tickets<'a>(
    db: &'a Database,
    appid: &'a str,
    now: Millis,
) -> impl Iterator<Item = &'a str> {
    let is_live =
        move |ticket: &&Ticket| ticket.appid == appid && ticket.kind == "jsapi" && now < ticket.expires_at;
    let live = db.tickets.iter().filter(is_live);
    live.map(|ticket| ticket.ticket.as_str())
}
