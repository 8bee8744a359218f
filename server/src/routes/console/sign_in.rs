use app::console::{sentence, sign_in_page};
use axum::{
    Form,
    extract::{Query, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use serde::Deserialize;
use shop::{ShopError, StaffName};

use super::{Signed, failed, page};
use crate::{answer, limits::Limits, session::StaffSession, state::AppState, visitor::Guest};

/// How often one name, and one address, may try to sign in.
#[derive(Clone, Debug)]
pub(crate) struct SignInLimits {
    names: Limits,
    addresses: Limits,
}

impl Default for SignInLimits {
    fn default() -> Self {
        Self { names: Limits::per_minute(10), addresses: Limits::per_minute(30) }
    }
}

#[derive(Deserialize)]
pub(super) struct Next {
    next: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct SignIn {
    name: String,
    password: String,
    #[serde(default)]
    code: String,
    next: Option<String>,
}

/// A page of the console, and nothing else.
fn next_of(next: Option<&str>) -> &str {
    let own = |next: &&str| {
        let rest = next.strip_prefix("/console");
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
            && !next.contains(['\\', '\r', '\n'])
    };
    next.filter(own).unwrap_or("/console")
}

/// `GET /console/sign-in`.
pub(super) async fn show(Query(query): Query<Next>) -> Response {
    page(sign_in_page(next_of(query.next.as_deref()), "", None))
}

/// `POST /console/sign-in`: whatever is wrong, the answer is the same.
pub(super) async fn sign_in(
    State(state): State<AppState>,
    guest: Guest,
    Form(form): Form<SignIn>,
) -> Response {
    let next = next_of(form.next.as_deref());
    let now_ms = state.shop.clock().now_ms();
    let name: Option<StaffName> = form.name.trim().parse().ok();
    let limits = &state.sign_in_limits;
    let may = limits.addresses.take(&guest.visitor.ip.to_string(), now_ms)
        & limits.names.take(name.as_ref().map_or("?", StaffName::as_str), now_ms);
    let signed = if may {
        state.shop.sign_in(&form.name, &form.password, &form.code, guest.visitor.ip).await
    } else {
        tracing::warn!(ip = %guest.visitor.ip, "too many sign-ins");
        Err(ShopError::TooOften)
    };
    match signed {
        Ok(signed) => {
            let session = StaffSession::new(&signed, state.now_s());
            let mut response = answer::see_other(next);
            response.headers_mut().append(header::SET_COOKIE, state.cookies.sign_in(&session));
            response
        }
        Err(error) => {
            answer::log(&error);
            // what was typed comes back only where it is a name
            let name = name.as_ref().map_or("", StaffName::as_str);
            let html = sign_in_page(next, name, Some(sentence(&error)));
            (answer::status(&error), Html(html)).into_response()
        }
    }
}

/// `POST /console/sign-out`.
pub(super) async fn sign_out(State(state): State<AppState>, Signed(staff): Signed) -> Response {
    if let Err(error) = state.shop.sign_out(&staff).await {
        return failed(&staff, &error, "/console");
    }
    let mut response = answer::see_other("/console/sign-in");
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
