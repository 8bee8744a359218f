//! Remembers the redirects to the login page that passed through the phone.
//!
//! A desktop browser opens WeChat's address directly, with its own user agent. The simulator recognizes the phone's
//! user by these redirects.

use url::Url;

use crate::clock::{self, MINUTE, Millis};

/// How long a browser may take to follow a redirect.
const LIFETIME: Millis = MINUTE;

#[derive(Default)]
pub(crate) struct Redirects(Vec<(String, Seen)>);

/// A redirect and the user of the phone.
#[derive(Clone)]
pub(crate) struct Seen {
    pub(crate) openid: String,
    /// Whether the address ended in `#wechat_redirect`.
    pub(crate) wechat_redirect: bool,
    at: Millis,
}

impl Redirects {
    /// Remembers a redirect if it leads to the login page, on any host.
    pub(crate) fn note(&mut self, location: &str, openid: &str) {
        let Ok(url) = Url::parse(location) else { return };
        if url.path() != "/connect/oauth2/authorize" {
            return;
        }
        let at = clock::real_now();
        self.0.retain(|(_, seen)| at - seen.at < LIFETIME);
        let wechat_redirect = url.fragment() == Some("wechat_redirect");
        let seen = Seen { openid: openid.to_owned(), wechat_redirect, at };
        self.0.push((url.query().unwrap_or_default().to_owned(), seen));
    }

    /// The redirect with this query, if the phone has seen it recently.
    pub(crate) fn seen(&self, query: &str) -> Option<Seen> {
        let now = clock::real_now();
        let same = |(noted, seen): &&(String, Seen)| noted == query && now - seen.at < LIFETIME;
        self.0.iter().rev().find(same).map(|(_, seen)| seen.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOGIN: &str = "http://127.0.0.1:8900/connect/oauth2/authorize";

    #[test]
    fn a_browser_that_follows_the_phones_redirect_is_recognized() {
        let mut redirects = Redirects::default();
        redirects.note(&format!("{LOGIN}?appid=a&state=1#wechat_redirect"), "o1");
        let seen = redirects.seen("appid=a&state=1").unwrap();
        assert!(seen.wechat_redirect && seen.openid == "o1");
        assert!(redirects.seen("appid=a&state=2").is_none());
    }

    #[test]
    fn only_redirects_to_the_login_page_count() {
        let mut redirects = Redirects::default();
        redirects.note("http://127.0.0.1:8900/elsewhere?appid=a", "o1");
        redirects.note("/orders/1", "o1");
        assert!(redirects.seen("appid=a").is_none());
    }
}
