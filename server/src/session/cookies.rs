//! All cookies of the server. They are host-only, `SameSite=Lax`, and `Secure` with TLS. No other module creates one.

use std::borrow::Cow;

use axum::http::{HeaderMap, HeaderValue, header};

use model::Language;
use shop::STAFF_SESSION_S;

use super::{CART, COOKIE, Keys, LANGUAGE, LOGINS, OPEN_ID, SESSION, STAFF, Session, StaffSession};

/// The time limit for a login, in seconds.
pub(crate) const LOGIN_TIMEOUT_S: i64 = 600;

/// Creates and reads cookies.
#[derive(Clone, Debug)]
pub(crate) struct Cookies {
    pub(crate) keys: Keys,
    pub(crate) secure: bool,
}

impl Cookies {
    /// The name of a signed cookie. With TLS it has the prefix `__Host-`: browsers accept such a cookie only from this
    /// host, so another site of the same domain cannot set it.
    fn signed_name(&self, name: &'static str) -> Cow<'static, str> {
        if self.secure { format!("__Host-{name}").into() } else { name.into() }
    }

    /// The values of all signed cookies with this name, not verified.
    pub(crate) fn signed<'a>(
        &self,
        headers: &'a HeaderMap,
        name: &'static str,
    ) -> impl Iterator<Item = &'a str> + use<'a> {
        named(headers, self.signed_name(name))
    }

    /// Builds a cookie. The caller guarantees that `value` is visible ASCII without `;` and `,`.
    fn cookie(&self, name: &str, value: &str, max_age_s: i64, http_only: bool) -> HeaderValue {
        let secure = if self.secure { "; Secure" } else { "" };
        let http_only = if http_only { "; HttpOnly" } else { "" };
        // not Strict: browsers do not send a Strict cookie on the return from WeChat, and the login would repeat
        // forever
        let text = format!("{name}={value}; Path=/; Max-Age={max_age_s}; SameSite=Lax{secure}{http_only}");
        HeaderValue::try_from(text).expect("our cookies hold visible ASCII only")
    }

    /// The session cookie. For a shopper with an openid also the readable cookie `openId`, with the same lifetime.
    pub(crate) fn log_in(&self, session: &Session) -> impl Iterator<Item = HeaderValue> + use<> {
        let signed = self.cookie(
            &self.signed_name(SESSION),
            &session.sign(&COOKIE, &self.keys),
            COOKIE.max_age_s,
            true,
        );
        let openid = session.shopper.openid();
        let readable = openid.map(|openid| self.cookie(OPEN_ID, openid.as_str(), COOKIE.max_age_s, false));
        std::iter::once(signed).chain(readable)
    }

    /// The cookie of a staff session.
    pub(crate) fn sign_in(&self, session: &StaffSession) -> HeaderValue {
        self.cookie(&self.signed_name(STAFF), &session.sign(&self.keys), STAFF_SESSION_S, true)
    }

    /// Ends the cookie of a staff session.
    pub(crate) fn sign_out(&self) -> HeaderValue {
        self.cookie(&self.signed_name(STAFF), "", 0, true)
    }

    /// Ends every cookie of the shopper who logs out.
    pub(crate) fn log_out(&self) -> impl Iterator<Item = HeaderValue> + use<> {
        let session = self.signed_name(SESSION);
        let ended = [(&*session, true), (OPEN_ID, false), (CART, false), (LOGINS, true)];
        let ended = ended.map(|(name, http_only)| self.cookie(name, "", 0, http_only));
        ended.into_iter()
    }

    /// The cookie with the number of pieces in the cart.
    pub(crate) fn count_cart(&self, pieces: i64) -> HeaderValue {
        self.cookie(CART, &pieces.to_string(), COOKIE.max_age_s, false)
    }

    /// The cookie with the shopper's language, for a year.
    pub(crate) fn choose_language(&self, language: Language) -> HeaderValue {
        self.cookie(LANGUAGE, language.tag(), 365 * 86_400, true)
    }

    /// The cookie that counts the logins of this browser, for a minute.
    pub(crate) fn count_login(&self, so_far: u32) -> HeaderValue {
        self.cookie(LOGINS, &so_far.saturating_add(1).to_string(), 60, true)
    }

    /// Ends the cookie that counts logins.
    pub(crate) fn forget_logins(&self) -> HeaderValue {
        self.cookie(LOGINS, "", 0, true)
    }

    /// The cookie that binds a login to this browser.
    pub(crate) fn begin_login(&self, name: &'static str, value: &str) -> HeaderValue {
        self.cookie(&self.signed_name(name), value, LOGIN_TIMEOUT_S, true)
    }

    /// Ends the cookie of a login.
    pub(crate) fn end_login(&self, name: &'static str) -> HeaderValue {
        self.cookie(&self.signed_name(name), "", 0, true)
    }
}

/// The number of logins of this browser in the last minute.
pub(crate) fn logins(headers: &HeaderMap) -> u32 {
    named(headers, LOGINS).next().and_then(|count| count.parse().ok()).unwrap_or(0)
}

/// The values of all cookies with this name. It reads each pair separately, because a script may have set another
/// cookie with bytes that are not ASCII.
pub(crate) fn named(headers: &HeaderMap, name: impl Into<Cow<'static, str>>) -> impl Iterator<Item = &str> {
    let name = name.into();
    headers
        .get_all(header::COOKIE)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b';'))
        .filter_map(|pair| std::str::from_utf8(pair).ok())
        .filter_map(move |pair| {
            pair.trim().split_once('=').filter(|(known, _)| *known == name).map(|(_, value)| value)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_tls_a_sealed_cookie_is_of_this_host_alone() {
        let cookies = |secure| Cookies { keys: Keys::new(["key-0123456789-0123456789-012345"]), secure };
        let set = cookies(true).begin_login("login", "x");
        assert_eq!(set, "__Host-login=x; Path=/; Max-Age=600; SameSite=Lax; Secure; HttpOnly");
        assert!(cookies(false).begin_login("login", "x").to_str().unwrap().starts_with("login=x; Path=/;"));
        let headers = HeaderMap::from_iter([(
            header::COOKIE,
            HeaderValue::from_static("login=of-a-sibling; __Host-login=own"),
        )]);
        assert_eq!(cookies(true).signed(&headers, "login").collect::<Vec<_>>(), ["own"]);
    }

    #[test]
    fn a_cookie_is_read_beside_one_that_is_not_ascii() {
        for line in ["a=1; session=x.y; nick=小王".as_bytes(), b"nick=\xd0\xa1\xcd\xf5; session=x.y"] {
            let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_bytes(line).unwrap())]);
            assert_eq!(named(&headers, "session").collect::<Vec<_>>(), ["x.y"]);
        }
    }
}
