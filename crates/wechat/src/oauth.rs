//! The URL that starts a login in WeChat's web view (网页授权; developers.weixin.qq.com, doc/service/guide/h5/auth.html).

use std::{fmt, str::FromStr};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The characters that `encodeURIComponent` does not encode.
pub(crate) const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// What the shop learns about the user with the login.
///
/// ```
/// use wechat::oauth::Scope;
///
/// assert_eq!("snsapi_userinfo".parse(), Ok(Scope::UserInfo));
/// assert!("snsapi_login".parse::<Scope>().is_err());
/// assert_eq!(Scope::Base.to_string(), "snsapi_base");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Only the openid. WeChat does not ask the user.
    Base,
    /// The openid, the nickname and the picture. Use it only after a tap: without a tap WeChat shows its preview page
    /// and logs in a virtual user.
    UserInfo,
}

impl Scope {
    /// The word in the URL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Base => "snsapi_base",
            Self::UserInfo => "snsapi_userinfo",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A scope that is neither `snsapi_base` nor `snsapi_userinfo`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown scope: use snsapi_base or snsapi_userinfo")]
pub struct UnknownScope;

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(word: &str) -> Result<Self, UnknownScope> {
        match word {
            "snsapi_base" => Ok(Self::Base),
            "snsapi_userinfo" => Ok(Self::UserInfo),
            _ => Err(UnknownScope),
        }
    }
}

/// A `state`: 1 to 128 ASCII letters and digits. WeChat returns it unchanged.
///
/// This type only checks the form. The caller must bind the state to the browser and compare it when it comes back.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State(String);

/// The text is not 1 to 128 ASCII letters and digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a state is 1 to 128 letters and digits")]
pub struct InvalidState;

impl State {
    /// The longest state that WeChat accepts, in bytes.
    ///
    /// ```
    /// use wechat::oauth::State;
    ///
    /// assert!(State::parse("a".repeat(State::MAX_LENGTH)).is_ok());
    /// assert!(State::parse("a".repeat(State::MAX_LENGTH + 1)).is_err());
    /// ```
    pub const MAX_LENGTH: usize = 128;

    /// Checks the form.
    ///
    /// # Errors
    /// [`InvalidState`] unless the text is 1 to 128 ASCII letters and digits.
    ///
    /// ```
    /// use wechat::oauth::State;
    ///
    /// assert_eq!(State::parse("a1B2")?.as_str(), "a1B2");
    /// assert!(State::parse("a-b").is_err());
    /// assert!(State::parse("").is_err());
    /// # Ok::<(), wechat::oauth::InvalidState>(())
    /// ```
    pub fn parse(text: impl Into<String>) -> Result<Self, InvalidState> {
        let text = text.into();
        let fits = (1..=Self::MAX_LENGTH).contains(&text.len());
        if fits && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            Ok(Self(text))
        } else {
            Err(InvalidState)
        }
    }

    /// The state, as it is in the URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The authorize URL. WeChat accepts it only with the parameters in exactly this order and `#wechat_redirect` at the
/// end.
///
/// `open_url` is the scheme and host (`https://open.weixin.qq.com`) without a trailing slash. Do not encode
/// `redirect_uri`: this function does. Its host must be registered as a 网页授权域名 (web authorization domain).
///
/// ```
/// use wechat::oauth::{Scope, State, authorize_url};
///
/// let url = authorize_url(
///     "https://open.weixin.qq.com", "wxd930ea5d5a258f4f", "https://shop.example.com/back?to=/cart&n=1",
///     Scope::Base, &State::parse("x7")?,
/// );
/// assert_eq!(url, "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wxd930ea5d5a258f4f\
///     &redirect_uri=https%3A%2F%2Fshop.example.com%2Fback%3Fto%3D%2Fcart%26n%3D1\
///     &response_type=code&scope=snsapi_base&state=x7#wechat_redirect");
/// # Ok::<(), wechat::oauth::InvalidState>(())
/// ```
#[must_use]
pub fn authorize_url(open_url: &str, appid: &str, redirect_uri: &str, scope: Scope, state: &State) -> String {
    format!(
        "{open_url}/connect/oauth2/authorize?appid={}&redirect_uri={}&response_type=code&scope={scope}\
         &state={state}#wechat_redirect",
        utf8_percent_encode(appid, COMPONENT),
        utf8_percent_encode(redirect_uri, COMPONENT),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_uri_is_encoded_like_encode_uri_component() {
        let state = State::parse("s").unwrap();
        let url =
            authorize_url("http://o", "wx1", "http://h/中?a=b c&d='(1)*~!_-.#f%20", Scope::UserInfo, &state);
        assert_eq!(
            url,
            "http://o/connect/oauth2/authorize?appid=wx1\
             &redirect_uri=http%3A%2F%2Fh%2F%E4%B8%AD%3Fa%3Db%20c%26d%3D'(1)*~!_-.%23f%2520\
             &response_type=code&scope=snsapi_userinfo&state=s#wechat_redirect"
        );
    }

    #[test]
    fn trap_25_a_state_is_1_to_128_letters_and_digits() {
        assert!(State::parse("a".repeat(128)).is_ok());
        for wrong in ["", " ", "a b", "a_b", "é", "a\n", &"a".repeat(129)] {
            assert_eq!(State::parse(wrong), Err(InvalidState), "{wrong:?}");
        }
    }

    #[test]
    fn trap_25_each_authorize_url_has_a_state() {
        let url = authorize_url("http://o", "wx1", "http://h/", Scope::Base, &State::parse("x7").unwrap());
        assert!(url.contains("&state=x7#wechat_redirect"));
    }

    #[test]
    fn trap_27_a_redirect_uri_cannot_add_parameters() {
        let state = State::parse("mine").unwrap();
        for hostile in [
            "http://h/&state=theirs",
            "http://h/#wechat_redirect&state=theirs",
            "http://h/%26state=theirs",
            "http://h/\r\nLocation: http://evil/",
            "&redirect_uri=http://evil/",
        ] {
            let url = authorize_url("http://o", "wx1", hostile, Scope::Base, &state);
            let (query, fragment) = url.split_once('#').unwrap();
            assert_eq!(fragment, "wechat_redirect");
            let values = |name: &str| -> Vec<&str> {
                query.split(['?', '&']).filter_map(|pair| pair.strip_prefix(name)).collect()
            };
            assert_eq!(values("state="), ["mine"]);
            let [address] = values("redirect_uri=")[..] else { panic!("{url}") };
            assert_eq!(percent_encoding::percent_decode_str(address).decode_utf8().unwrap(), hostile);
            assert!(url.bytes().all(|byte| byte.is_ascii_graphic()));
        }
    }

    #[test]
    fn a_scope_is_one_of_two_words() {
        for scope in [Scope::Base, Scope::UserInfo] {
            assert_eq!(scope.as_str().parse(), Ok(scope));
        }
        assert_eq!("snsapi_login".parse::<Scope>(), Err(UnknownScope));
    }
}
