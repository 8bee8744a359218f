//! Shoppers outside WeChat.

use axum::{
    http::{HeaderValue, header},
    response::Response,
};
use model::Shopper;

use crate::{session::Session, state::AppState, visitor::Guest};

/// Cookies that an answer carries beside its own.
pub(super) struct NewCookies(Vec<HeaderValue>);

impl NewCookies {
    pub(super) fn on(self, mut response: Response) -> Response {
        for cookie in self.0 {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }
}

/// Whoever asks; outside WeChat somebody new becomes a guest. `None` in WeChat, where a login comes first.
pub(super) fn shopper_or_guest(state: &AppState, guest: &Guest) -> Option<(Shopper, NewCookies)> {
    match &guest.visitor.session {
        Some(shopper) => Some((shopper.clone(), NewCookies(Vec::new()))),
        None if guest.visitor.in_wechat => None,
        None => {
            let session = Session { shopper: state.shop.new_guest(), since_s: state.now_s() };
            let cookies = state.cookies.log_in(&session).collect();
            Some((session.shopper, NewCookies(cookies)))
        }
    }
}
