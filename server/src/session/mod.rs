//! Sessions of shoppers: a signed, HttpOnly cookie. The server stores nothing.

mod cookies;
mod keys;
mod staff;

use model::Shopper;

pub(crate) use self::cookies::{Cookies, LOGIN_LASTS_S, logins, named};
pub(crate) use self::keys::Keys;
pub(crate) use self::staff::{STAFF, StaffSession};

/// A session's cookie.
pub(crate) const SESSION: &str = "session";

/// The readable `openId` cookie: it tells the page that a login has happened. The server does not read it.
pub(crate) const OPEN_ID: &str = "openId";

/// The cookie of the shopper's language.
pub(crate) const LANGUAGE: &str = "language";

/// The cookie of the number of pieces in the cart: readable, so that a shared page can show it.
const CART: &str = "cart";

/// The cookie that counts recent logins: a browser that keeps no session would log in forever.
pub(crate) const LOGINS: &str = "logins";

/// The number of logins in a row before the shopper has to tap.
pub(crate) const MOST_LOGINS: u32 = 3;

/// The kind of a session: cookie or token. Signatures are domain-separated for each kind.
#[derive(Debug)]
pub(crate) struct SessionKind {
    purpose: &'static str,
    /// How long a session of this kind lasts, seconds.
    pub(crate) lasts_s: i64,
}

/// The cookie of shoppers.
pub(crate) const COOKIE: SessionKind = SessionKind { purpose: "session", lasts_s: 30 * 86_400 };

/// The token of the mini program.
pub(crate) const TOKEN: SessionKind = SessionKind { purpose: "miniprogram", lasts_s: 7200 };

/// How far the clock of another server may be ahead, seconds.
const AHEAD_S: i64 = 60;

/// Whether something that began at a time and lasts so long is valid now.
pub(crate) fn is_within(since_s: i64, lasts_s: i64, now_s: i64) -> bool {
    (-AHEAD_S..lasts_s).contains(&now_s.saturating_sub(since_s))
}

/// The session of a shopper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) shopper: Shopper,
    /// The time, seconds since 1970.
    pub(crate) since_s: i64,
}

impl Session {
    /// The signed text of the cookie or token.
    pub(crate) fn seal(&self, carrier: &SessionKind, keys: &Keys) -> String {
        keys.seal(carrier.purpose, &format!("{}.{}", self.shopper, self.since_s))
    }

    /// Reads the signed text, if it verifies and is not too old.
    pub(crate) fn open(sealed: &str, carrier: &SessionKind, keys: &Keys, now_s: i64) -> Option<Self> {
        let (shopper, since_s) = keys.open(carrier.purpose, sealed)?.split_once('.')?;
        let since_s = since_s.parse().ok()?;
        is_within(since_s, carrier.lasts_s, now_s).then_some(Self { shopper: shopper.parse().ok()?, since_s })
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
        let sealed = session().seal(&COOKIE, &Keys::new([OLD]));
        assert_eq!(Session::open(&sealed, &COOKIE, &Keys::new([NEW, OLD]), 2_000), Some(session()));
        assert_eq!(Session::open(&sealed, &COOKIE, &Keys::new([NEW]), 2_000), None);
    }

    #[test]
    fn a_session_ends_and_begins_a_minute_in_the_future_at_most() {
        let keys = Keys::new([NEW]);
        let sealed = session().seal(&COOKIE, &keys);
        assert_eq!(Session::open(&sealed, &COOKIE, &keys, 1_000 + COOKIE.lasts_s), None);
        // the clock of another server may be a little ahead
        assert_eq!(Session::open(&sealed, &COOKIE, &keys, 940), Some(session()));
        assert_eq!(Session::open(&sealed, &COOKIE, &keys, 939), None);
    }

    #[test]
    fn a_seal_is_valid_for_its_own_purpose_only() {
        let keys = Keys::new([NEW]);
        let sealed = keys.seal("login", "oUser_-1.1000");
        assert_eq!(Session::open(&sealed, &COOKIE, &keys, 2_000), None);
    }

    #[test]
    fn a_mini_programs_token_ends_and_is_no_cookie() {
        let keys = Keys::new([NEW]);
        let token = session().seal(&TOKEN, &keys);
        assert_eq!(Session::open(&token, &TOKEN, &keys, 1_000), Some(session()));
        assert_eq!(Session::open(&token, &TOKEN, &keys, 1_000 + TOKEN.lasts_s), None);
        assert_eq!(Session::open(&token, &COOKIE, &keys, 1_000), None);
        assert_eq!(Session::open(&session().seal(&COOKIE, &keys), &TOKEN, &keys, 1_000), None);
    }

    proptest! {
        #[test]
        fn no_other_text_is_a_session(text in ".{0,200}") {
            prop_assert_eq!(Session::open(&text, &COOKIE, &Keys::new([NEW]), 2_000), None);
        }

        #[test]
        fn a_changed_character_ends_it(at in 0_usize..80, with in "[a-zA-Z0-9]") {
            let keys = Keys::new([NEW]);
            let sealed = session().seal(&COOKIE, &keys);
            let mut changed = sealed.clone();
            if at < sealed.len() {
                changed.replace_range(at..=at, &with);
            }
            prop_assert_eq!(Session::open(&changed, &COOKIE, &keys, 2_000).is_some(), changed == sealed);
        }
    }
}
