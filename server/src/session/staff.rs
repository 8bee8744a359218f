//! Sessions of the console. They have their own cookie, which names a row of the database. The sign-out deletes the
//! row.

use shop::STAFF_SESSION_S;

use super::{Keys, is_within};

/// The name of the cookie with a staff session.
pub(crate) const STAFF: &str = "console";

/// Domain separation: the signature of a shopper's session is not valid here.
const PURPOSE: &str = "console";

/// The content of the cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StaffSession {
    pub(crate) token: String,
    /// When the session began, in seconds since 1970.
    pub(crate) since_s: i64,
}

impl StaffSession {
    pub(crate) fn sign(&self, keys: &Keys) -> String {
        // the token contains no dot
        keys.sign(PURPOSE, &format!("{}.{}", self.token, self.since_s))
    }

    pub(crate) fn verify(signed: &str, keys: &Keys, now_s: i64) -> Option<Self> {
        let (token, since_s) = keys.verify(PURPOSE, signed)?.split_once('.')?;
        let since_s = since_s.parse().ok()?;
        is_within(since_s, STAFF_SESSION_S, now_s).then(|| Self { token: token.to_owned(), since_s })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_staff_cookie_ends_after_a_working_day_and_needs_its_own_signature() {
        let keys = Keys::new(["key-0123456789-0123456789-012345"]);
        let session = StaffSession { token: "a1".to_owned(), since_s: 1_000 };
        let signed = session.sign(&keys);
        assert_eq!(StaffSession::verify(&signed, &keys, 1_000), Some(session.clone()));
        assert_eq!(StaffSession::verify(&signed, &keys, 1_000 + STAFF_SESSION_S), None);
        // the clock of another server may be a minute ahead
        assert_eq!(StaffSession::verify(&signed, &keys, 940), Some(session));
        assert_eq!(StaffSession::verify(&signed, &keys, 939), None);
        assert_eq!(StaffSession::verify(&keys.sign("session", "a1.1000"), &keys, 1_000), None);
    }
}
