use model::OpenId;

use super::Keys;

/// How long a mini program's token lasts. Seconds.
pub(crate) const TOKEN_LASTS_S: i64 = 7200;

/// A shopper of the mini program who logged in. The token is not a cookie's session: neither opens as the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MiniSession {
    pub(crate) openid: OpenId,
    /// When, seconds since 1970.
    pub(crate) since_s: i64,
}

const PURPOSE: &str = "miniprogram";

impl MiniSession {
    /// The token.
    pub(crate) fn seal(&self, keys: &Keys) -> String {
        keys.seal(PURPOSE, &format!("{}.{}", self.openid, self.since_s))
    }

    /// From a token, if it is genuine and not too old.
    pub(crate) fn open(token: &str, keys: &Keys, now_s: i64) -> Option<Self> {
        let (openid, since_s) = keys.open(PURPOSE, token)?.split_once('.')?;
        let since_s = since_s.parse().ok()?;
        (0..TOKEN_LASTS_S)
            .contains(&(now_s - since_s))
            .then_some(Self { openid: openid.parse().ok()?, since_s })
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Session, *};

    #[test]
    fn a_token_ends_and_is_no_session() {
        let keys = Keys::new(["test-key-0123456789-0123456789-0"]);
        let session = MiniSession { openid: "oUser_-1".parse().unwrap(), since_s: 1_000 };
        let token = session.seal(&keys);
        assert_eq!(MiniSession::open(&token, &keys, 1_000), Some(session.clone()));
        assert_eq!(MiniSession::open(&token, &keys, 1_000 + TOKEN_LASTS_S), None);
        assert_eq!(Session::open(&token, &keys, 1_000), None);
        let cookie = Session { openid: session.openid, since_s: 1_000 }.seal(&keys);
        assert_eq!(MiniSession::open(&cookie, &keys, 1_000), None);
    }
}
