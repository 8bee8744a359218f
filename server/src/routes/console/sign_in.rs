use std::sync::{Arc, Mutex, PoisonError};

use app::console::{sentence, sign_in_page};
use axum::{
    Form,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use serde::Deserialize;
use shop::{ShopError, StaffName};

use super::{StaffAuth, failed, page};
use crate::{
    request_context::{RequestContext, user_agent},
    response,
    session::StaffSession,
    state::AppState,
};

/// The largest number of sign-ins that wait at the same time, from one address and in all. Each one keeps a connection
/// open.
const WAITING_PER_ADDRESS: usize = 8;
const WAITING: usize = 256;

/// The addresses of the sign-ins that wait. This only limits their number; the database counts the failures.
#[derive(Clone, Debug, Default)]
pub(crate) struct SignIns(Arc<Mutex<Vec<String>>>);

impl SignIns {
    /// A permit to wait; `None` if all are used.
    fn enter(&self, address: String) -> Option<Waiting> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_address = waiting.iter().filter(|other| **other == address).count();
        if of_address >= WAITING_PER_ADDRESS || waiting.len() >= WAITING {
            return None;
        }
        waiting.push(address.clone());
        Some(Waiting { of: self.clone(), address })
    }
}

/// Releases the permit.
struct Waiting {
    of: SignIns,
    address: String,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut waiting = self.of.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = waiting.iter().position(|address| *address == self.address) {
            waiting.swap_remove(at);
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Next {
    next: Option<String>,
    done: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct SignIn {
    name: String,
    password: String,
    #[serde(default)]
    code: String,
    next: Option<String>,
}

/// The path to open after the sign-in. A path outside the console becomes `/console`.
pub(super) fn next_of(next: Option<&str>) -> &str {
    let own = |next: &&str| {
        let rest = next.strip_prefix("/console");
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
            && !next.contains(['\\', '\r', '\n'])
    };
    next.filter(own).unwrap_or("/console")
}

/// `GET /console/sign-in`.
pub(super) async fn show(Query(query): Query<Next>) -> Response {
    page(sign_in_page(next_of(query.next.as_deref()), "", None, query.done.as_deref()))
}

/// `POST /console/sign-in`. A wrong name, password or code has the same response, so that it tells an attacker nothing.
pub(super) async fn sign_in(
    State(state): State<AppState>,
    context: RequestContext,
    headers: HeaderMap,
    Form(form): Form<SignIn>,
) -> Response {
    let next = next_of(form.next.as_deref());
    let name: Option<StaffName> = form.name.trim().parse().ok();
    let signed = match state.sign_ins.enter(context.limit_key()) {
        Some(_place) => {
            let (accounts, ip) = (state.shop.staff(), context.visitor.ip);
            accounts.sign_in(&form.name, &form.password, &form.code, ip, &user_agent(&headers)).await
        }
        None => {
            tracing::warn!(ip = %context.visitor.ip, "too many sign-ins at the same time");
            Err(ShopError::TooOften)
        }
    };
    match signed {
        Ok(signed) => {
            let session = StaffSession { token: signed.token, since_s: state.now_s() };
            let mut response = response::see_other(next);
            response.headers_mut().append(header::SET_COOKIE, state.cookies.sign_in(&session));
            response
        }
        Err(error) => {
            response::log(&error);
            // the page repeats the typed text only if it is a valid name
            let name = name.as_ref().map_or("", StaffName::as_str);
            let html = sign_in_page(next, name, Some(sentence(&error)), None);
            (response::status(&error), Html(html)).into_response()
        }
    }
}

/// `POST /console/sign-out`.
pub(super) async fn sign_out(
    State(state): State<AppState>,
    StaffAuth { staff, token }: StaffAuth,
) -> Response {
    if let Err(error) = state.shop.staff().sign_out(&staff, &token).await {
        return failed(&staff, &error, "/console");
    }
    let mut response = response::see_other("/console/sign-in");
    response.headers_mut().append(header::SET_COOKIE, state.cookies.sign_out());
    debug_assert_eq!(response.status(), StatusCode::SEE_OTHER);
    response
}

#[cfg(test)]
mod tests {
    use super::next_of;

    #[test]
    fn a_sign_in_leads_to_the_console_only() {
        assert_eq!(next_of(Some("/console/orders?q=1")), "/console/orders?q=1");
        for other in
            ["https://evil.test/", "//evil.test", "/console.evil.test", "/orders", "/console\\..\\x", ""]
        {
            assert_eq!(next_of(Some(other)), "/console", "{other}");
        }
    }
}
