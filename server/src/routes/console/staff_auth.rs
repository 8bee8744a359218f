use app::console::{sentence, sign_in_page};
use axum::{
    extract::FromRequestParts,
    http::{Method, request::Parts},
    response::{Html, IntoResponse, Response},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use shop::{ShopError, Staff};

use super::{failed, route_table::RouteAccess};
use crate::{
    response,
    session::{STAFF, StaffSession},
    state::AppState,
};

/// A signed-in staff member whose role may open the route. A change of the account since the sign-in ends the session.
/// Other visitors get the sign-in page, or a refusal.
pub(super) struct StaffAuth {
    pub(super) staff: Staff,
    /// The token of the session, to end it.
    pub(super) token: String,
}

impl FromRequestParts<AppState> for StaffAuth {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let (keys, now_s) = (&state.cookies.keys, state.now_s());
        let session = state
            .cookies
            .signed(&parts.headers, STAFF)
            .find_map(|signed| StaffSession::verify(signed, keys, now_s));
        if let Some(session) = session {
            match state.shop.staff().signed_in(&session.token).await {
                Ok(Some(staff)) => {
                    let access = parts.extensions.get::<RouteAccess>();
                    if access.is_some_and(|access| access.to(staff.role)) {
                        return Ok(Self { staff, token: session.token });
                    }
                    return Err(failed(&staff, &ShopError::NotAllowed, "/console"));
                }
                Ok(None) => {}
                Err(error) => {
                    response::log(&error);
                    let page = sign_in_page("/console", "", Some(sentence(&error)), None);
                    return Err((response::status(&error), Html(page)).into_response());
                }
            }
        }
        let here = parts.uri.path_and_query().map_or("/console", |whole| whole.as_str());
        let next = if parts.method == Method::GET { here } else { "/console" };
        let next = utf8_percent_encode(next, NON_ALPHANUMERIC);
        Err(response::see_other(&format!("/console/sign-in?next={next}")))
    }
}
