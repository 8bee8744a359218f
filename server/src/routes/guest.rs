//! Shoppers outside WeChat.

use app::messages;
use axum::{
    http::{HeaderValue, header},
    response::Response,
};
use model::Shopper;
use shop::ShopError;

use super::login_path;
use crate::{request_context::RequestContext, response, session::Session, state::AppState};

/// Cookies to add to an answer.
pub(super) struct NewCookies(Vec<HeaderValue>);

impl NewCookies {
    pub(super) fn on(self, mut response: Response) -> Response {
        for cookie in self.0 {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }
}

/// The largest number of new guests from one address in a minute. An anonymous guest can hold stock with an order.
pub(crate) const GUESTS_PER_MINUTE: u32 = 30;

/// The shopper of the request. Outside WeChat a new visitor becomes a guest.
///
/// The error is the response. In WeChat it redirects to a login that returns to `callback`. Outside WeChat it asks to
/// wait, because too many guests come from this address.
#[expect(clippy::result_large_err, reason = "the answer is the other outcome, and made once")]
pub(super) fn shopper_or_guest(
    state: &AppState,
    context: &RequestContext,
    callback: &str,
) -> Result<(Shopper, NewCookies), Response> {
    match &context.visitor.session {
        Some(shopper) => Ok((shopper.clone(), NewCookies(Vec::new()))),
        None if context.visitor.in_wechat => Err(response::see_other(&login_path(callback))),
        None => {
            if !state.guest_limits.take(&context.limit_key(), state.shop.clock().now_ms()) {
                return Err(response::page(&ShopError::TooOften, messages::WAIT, "/", messages::GO_HOME));
            }
            let session = Session { shopper: state.shop.identity().new_guest(), since_s: state.now_s() };
            let cookies = state.cookies.log_in(&session).collect();
            Ok((session.shopper, NewCookies(cookies)))
        }
    }
}
