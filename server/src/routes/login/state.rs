//! The `state` of a login proves that this shop began it, and when. A cookie proves that this browser began it.
//!
//! WeChat allows 1 to 128 letters and digits, so the text is hexadecimal. It contains the account and the number of the
//! try, the time, random bytes and a signature. If there is room, it also contains the page to return to, for browsers
//! that lose the cookie.

use shop::{Ids, LoginAccount};

use crate::session::{Keys, LOGIN_TIMEOUT_S, is_within};

/// A login that has begun, as its `state` describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LoginState {
    /// The account at which the shopper logs in.
    pub(super) account: LoginAccount,
    /// 0 for the first try.
    pub(super) tries: u8,
    /// When the login began, in seconds since 1970.
    since_s: u32,
    random: [u8; 8],
    /// The page to return to; empty if there was no room.
    callback: String,
}

const PURPOSE: &str = "login";

/// The bit of the first byte for a login at the website application. The other bits count the tries.
const AT_WEBSITE: u8 = 0x80;

const HEAD_LENGTH: usize = 1 + 4 + 8;
const TAG_LENGTH: usize = 10;

/// The longest callback in a state, in bytes: 64 bytes are 128 hexadecimal digits.
const MAX_CALLBACK: usize = 64 - HEAD_LENGTH - TAG_LENGTH;

impl LoginState {
    pub(super) fn new(callback: &str, account: LoginAccount, tries: u8, now_s: i64, ids: &dyn Ids) -> Self {
        let mut random = [0; 8];
        ids.fill(&mut random);
        let callback = if callback.len() <= MAX_CALLBACK { callback } else { "" };
        Self {
            account,
            tries: tries & !AT_WEBSITE,
            since_s: u32::try_from(now_s).unwrap_or(u32::MAX),
            random,
            callback: callback.to_owned(),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let account = match self.account {
            LoginAccount::Official => 0,
            LoginAccount::Website => AT_WEBSITE,
        };
        let mut bytes = vec![account | self.tries];
        bytes.extend(self.since_s.to_be_bytes());
        bytes.extend(self.random);
        bytes.extend(self.callback.as_bytes());
        bytes
    }

    /// The signed text, for WeChat.
    pub(super) fn sign(&self, keys: &Keys) -> String {
        let bytes = self.bytes();
        let (head, callback) = bytes.split_at(HEAD_LENGTH);
        hex::encode([head, &keys.tag(PURPOSE, &bytes), callback].concat())
    }

    /// Reads the text that WeChat returned. `None` if this shop did not sign it.
    pub(super) fn verify(signed: &str, keys: &Keys) -> Option<Self> {
        let bytes = hex::decode(signed).ok()?;
        let (head, rest) = bytes.split_at_checked(HEAD_LENGTH)?;
        let (tag, callback) = rest.split_first_chunk::<TAG_LENGTH>()?;
        if !keys.has_tag(PURPOSE, &[head, callback].concat(), tag) {
            return None;
        }
        let (first, rest) = head.split_first()?;
        let at_website = first & AT_WEBSITE != 0;
        let (since_s, rest) = rest.split_first_chunk::<4>()?;
        Some(Self {
            account: if at_website { LoginAccount::Website } else { LoginAccount::Official },
            tries: first & !AT_WEBSITE,
            since_s: u32::from_be_bytes(*since_s),
            random: *rest.first_chunk()?,
            callback: String::from_utf8(callback.to_vec()).ok()?,
        })
    }

    /// Whether the login began less than [`LOGIN_TIMEOUT_S`] ago.
    pub(super) fn is_fresh(&self, now_s: i64) -> bool {
        is_within(i64::from(self.since_s), LOGIN_TIMEOUT_S, now_s)
    }

    /// The page to return to; `/` if the state does not contain it.
    pub(super) fn callback(&self) -> &str {
        if self.callback.is_empty() { "/" } else { &self.callback }
    }
}

/// The value of the cookie: the same state, and the whole callback.
pub(super) fn sign_cookie(state: &str, callback: &str, keys: &Keys) -> String {
    keys.sign("login cookie", &format!("{state}.{}", hex::encode(callback)))
}

/// The callback in the cookie. `None` if this browser did not begin the login of this state.
pub(super) fn verify_cookie(signed: &str, state: &str, keys: &Keys) -> Option<String> {
    let (bound, callback) = keys.verify("login cookie", signed)?.split_once('.')?;
    (bound == state).then_some(())?;
    String::from_utf8(hex::decode(callback).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use shop::SystemIds;

    use super::*;

    fn keys() -> Keys {
        Keys::new(["key-0123456789-0123456789-012345"])
    }

    proptest! {
        #[test]
        fn a_state_has_1_to_128_letters_and_digits_and_comes_back(callback in "/[a-z/?=&茶]{0,90}", tries in 0_u8..3, desk: bool) {
            let account = if desk { LoginAccount::Website } else { LoginAccount::Official };
            let state = LoginState::new(&callback, account, tries, 1_000, &SystemIds);
            let signed = state.sign(&keys());
            prop_assert!((1..=128).contains(&signed.len()));
            prop_assert!(signed.bytes().all(|byte| byte.is_ascii_alphanumeric()));
            prop_assert_eq!(LoginState::verify(&signed, &keys()), Some(state));
        }

        #[test]
        fn no_other_text_is_a_state(text in "[0-9a-f]{0,128}|.{0,40}") {
            prop_assert_eq!(LoginState::verify(&text, &keys()), None);
        }
    }

    #[test]
    fn a_state_lasts_ten_minutes_and_may_be_a_minute_in_the_future() {
        let state = LoginState::new("/a", LoginAccount::Official, 0, 1_000, &SystemIds);
        assert!(state.is_fresh(940) && state.is_fresh(1_000) && state.is_fresh(1_599));
        assert!(!state.is_fresh(939) && !state.is_fresh(1_600));
    }

    #[test]
    fn a_changed_state_is_refused() {
        let signed = LoginState::new("/a", LoginAccount::Official, 0, 1_000, &SystemIds).sign(&keys());
        let second_try = format!("01{}", &signed[2..]);
        assert_eq!(LoginState::verify(&second_try, &keys()), None);
        let at_a_desk = format!("80{}", &signed[2..]);
        assert_eq!(LoginState::verify(&at_a_desk, &keys()), None);
    }

    #[test]
    fn the_cookie_of_one_login_is_not_valid_for_another() {
        let signed = sign_cookie("abc", "/a", &keys());
        assert_eq!(verify_cookie(&signed, "abc", &keys()).as_deref(), Some("/a"));
        assert_eq!(verify_cookie(&signed, "abd", &keys()), None);
    }
}
