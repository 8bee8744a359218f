//! Shoppers outside WeChat.

use app::messages;
use axum::{
    http::{HeaderValue, header},
    response::Response,
};
use model::Shopper;
use shop::ShopError;

use super::login_path;
use crate::{answer, session::Session, state::AppState, visitor::Guest};

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

/// How often one address may become a guest, in a minute: a guest's order holds goods back, and nobody knows who it is.
pub(crate) const GUESTS_PER_MINUTE: u32 = 30;

/// Whoever asks; outside WeChat somebody new becomes a guest.
///
/// The error is the answer: in WeChat a login that comes back to `callback`, or a word to wait where too many guests come
/// from one address.
#[expect(clippy::result_large_err, reason = "the answer is the other outcome, and made once")]
pub(super) fn shopper_or_guest(
    state: &AppState,
    guest: &Guest,
    callback: &str,
) -> Result<(Shopper, NewCookies), Response> {
    match &guest.visitor.session {
        Some(shopper) => Ok((shopper.clone(), NewCookies(Vec::new()))),
        None if guest.visitor.in_wechat => Err(answer::see_other(&login_path(callback))),
        None => {
            if !state.guest_limits.take(&guest.limit_key(), state.shop.clock().now_ms()) {
                return Err(answer::page(&ShopError::TooOften, messages::WAIT, "/", messages::GO_HOME));
            }
            let session = Session { shopper: state.shop.new_guest(), since_s: state.now_s() };
            let cookies = state.cookies.log_in(&session).collect();
            Ok((session.shopper, NewCookies(cookies)))
        }
    }
}
