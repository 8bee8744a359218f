//! Sessions. The session of a shopper is a signed cookie or token; the server does not store it. A staff session is a
//! row of the database (`staff.rs`).

mod cookies;
mod keys;
mod staff;

use model::Shopper;

pub(crate) use self::cookies::{Cookies, LOGIN_TIMEOUT_S, logins, named};
pub(crate) use self::keys::Keys;
pub(crate) use self::staff::{STAFF, StaffSession};

/// The name of the cookie with a shopper's session.
pub(crate) const SESSION: &str = "session";

/// The name of the readable cookie that tells scripts about a login. The server does not read it.
pub(crate) const OPEN_ID: &str = "openId";

/// The name of the cookie with the shopper's language.
pub(crate) const LANGUAGE: &str = "language";

/// The name of the cookie with the number of pieces in the cart. Scripts can read it, so that a shared page can show
/// the number.
const CART: &str = "cart";

/// The name of the cookie that counts recent logins. It ends the redirects if a browser refuses the session cookie.
pub(crate) const LOGINS: &str = "logins";

/// After this number of automatic logins in a row, the shopper must tap.
pub(crate) const MAX_LOGINS: u32 = 3;

/// The kind of a session: cookie or token. A signature of one kind is not valid for another.
#[derive(Debug)]
pub(crate) struct SessionKind {
    purpose: &'static str,
    /// The lifetime of a session of this kind, in seconds.
    pub(crate) max_age_s: i64,
}

/// The cookie of shoppers.
pub(crate) const COOKIE: SessionKind = SessionKind { purpose: "session", max_age_s: shop::SESSION_S };

/// The token of the mini program.
pub(crate) const TOKEN: SessionKind = SessionKind { purpose: "miniprogram", max_age_s: 7200 };

/// How far the clock of another server may be ahead, in seconds.
const MAX_CLOCK_SKEW_S: i64 = 60;

/// Whether a session or a login is valid at `now_s`, if it began at `since_s` and is valid for `max_age_s` seconds.
/// Allows clock skew.
pub(crate) fn is_within(since_s: i64, max_age_s: i64, now_s: i64) -> bool {
    (-MAX_CLOCK_SKEW_S..max_age_s).contains(&now_s.saturating_sub(since_s))
}

/// The session of a shopper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) shopper: Shopper,
    /// When the session began, seconds since 1970.
    pub(crate) since_s: i64,
}

impl Session {
    /// The signed text of the cookie or token.
    pub(crate) fn sign(&self, kind: &SessionKind, keys: &Keys) -> String {
        keys.sign(kind.purpose, &format!("{}.{}", self.shopper, self.since_s))
    }

    /// Reads the signed text. `None` if its signature is wrong or it is too old.
    pub(crate) fn verify(signed: &str, kind: &SessionKind, keys: &Keys, now_s: i64) -> Option<Self> {
        let (shopper, since_s) = keys.verify(kind.purpose, signed)?.split_once('.')?;
        let since_s = since_s.parse().ok()?;
        is_within(since_s, kind.max_age_s, now_s).then_some(Self { shopper: shopper.parse().ok()?, since_s })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn session() -> Session {
        Session { shopper: "oUser_-1".parse().unwrap(), since_s: 1_000 }
    }

    const OLD: &str = "old-key-0123456789-0123456789-01";
    const NEW: &str = "new-key-0123456789-0123456789-01";

    #[test]
    fn a_session_signed_with_an_older_key_still_counts() {
        let signed = session().sign(&COOKIE, &Keys::new([OLD]));
        assert_eq!(Session::verify(&signed, &COOKIE, &Keys::new([NEW, OLD]), 2_000), Some(session()));
        assert_eq!(Session::verify(&signed, &COOKIE, &Keys::new([NEW]), 2_000), None);
    }

    #[test]
    fn a_session_ends_and_begins_a_minute_in_the_future_at_most() {
        let keys = Keys::new([NEW]);
        let signed = session().sign(&COOKIE, &keys);
        assert_eq!(Session::verify(&signed, &COOKIE, &keys, 1_000 + COOKIE.max_age_s), None);
        // the clock of another server may be a little ahead
        assert_eq!(Session::verify(&signed, &COOKIE, &keys, 940), Some(session()));
        assert_eq!(Session::verify(&signed, &COOKIE, &keys, 939), None);
    }

    #[test]
    fn a_seal_is_valid_for_its_own_purpose_only() {
        let keys = Keys::new([NEW]);
        let signed = keys.sign("login", "oUser_-1.1000");
        assert_eq!(Session::verify(&signed, &COOKIE, &keys, 2_000), None);
    }

    #[test]
    fn a_mini_programs_token_ends_and_is_no_cookie() {
        let keys = Keys::new([NEW]);
        let token = session().sign(&TOKEN, &keys);
        assert_eq!(Session::verify(&token, &TOKEN, &keys, 1_000), Some(session()));
        assert_eq!(Session::verify(&token, &TOKEN, &keys, 1_000 + TOKEN.max_age_s), None);
        assert_eq!(Session::verify(&token, &COOKIE, &keys, 1_000), None);
        assert_eq!(Session::verify(&session().sign(&COOKIE, &keys), &TOKEN, &keys, 1_000), None);
    }

    proptest! {
        #[test]
        fn no_other_text_is_a_session(text in ".{0,200}") {
            prop_assert_eq!(Session::verify(&text, &COOKIE, &Keys::new([NEW]), 2_000), None);
        }

        #[test]
        fn a_changed_character_ends_it(at in 0_usize..80, with in "[a-zA-Z0-9]") {
            let keys = Keys::new([NEW]);
            let signed = session().sign(&COOKIE, &keys);
            let mut changed = signed.clone();
            if at < signed.len() {
                changed.replace_range(at..=at, &with);
            }
            prop_assert_eq!(Session::verify(&changed, &COOKIE, &keys, 2_000).is_some(), changed == signed);
        }
    }
}
