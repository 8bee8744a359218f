//! Somebody of the shop who signed in: a cookie of its own, for the console alone, that ends with the account it was
//! made for.

use shop::SignedIn;

use super::Keys;

/// The cookie.
pub(crate) const STAFF: &str = "console";

/// How long a session lasts: a working day. Seconds.
pub(crate) const STAFF_LASTS_S: i64 = 8 * 3600;

/// A seal for shoppers does not open here, nor the other way round.
const PURPOSE: &str = "console";

/// What the cookie holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StaffSession {
    pub(crate) name: String,
    pub(crate) generation: String,
    since_s: i64,
}

impl StaffSession {
    pub(crate) fn new(signed: &SignedIn, now_s: i64) -> Self {
        let (name, generation) = (signed.staff.name.to_string(), signed.generation.clone());
        Self { name, generation, since_s: now_s }
    }

    pub(crate) fn seal(&self, keys: &Keys) -> String {
        // neither holds a point
        keys.seal(PURPOSE, &format!("{}.{}.{}", self.name, self.generation, self.since_s))
    }

    pub(crate) fn open(sealed: &str, keys: &Keys, now_s: i64) -> Option<Self> {
        let mut parts = keys.open(PURPOSE, sealed)?.splitn(3, '.');
        let (name, generation) = (parts.next()?.to_owned(), parts.next()?.to_owned());
        let since_s = parts.next()?.parse().ok()?;
        (0..STAFF_LASTS_S).contains(&(now_s - since_s)).then_some(Self { name, generation, since_s })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_ends_after_a_working_day_and_another_seal_is_none() {
        let keys = Keys::new(["key-0123456789-0123456789-012345"]);
        let session = StaffSession { name: "anna".to_owned(), generation: "a1".to_owned(), since_s: 1_000 };
        let sealed = session.seal(&keys);
        assert_eq!(StaffSession::open(&sealed, &keys, 1_000), Some(session));
        assert_eq!(StaffSession::open(&sealed, &keys, 1_000 + STAFF_LASTS_S), None);
        assert_eq!(StaffSession::open(&sealed, &keys, 999), None);
        assert_eq!(StaffSession::open(&keys.seal("session", "anna.a1.1000"), &keys, 1_000), None);
    }
}
