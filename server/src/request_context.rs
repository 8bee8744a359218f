//! Reads who sends a request: the visitor, the session, the address. No other module does this.

use std::{
    borrow::Cow,
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use app::Visitor;
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, HeaderName, header, request::Parts},
};

use model::Language;
use shop::client_address::limit_key;

use crate::{
    session::{COOKIE, LANGUAGE, SESSION, Session, named},
    state::AppState,
};

/// The visitor of a request, and what only routes need.
#[derive(Clone, Debug)]
pub(crate) struct RequestContext {
    /// The visitor. Its `session` is empty until the layer `identify` has looked up the shopper.
    pub(crate) visitor: Visitor,
    /// The session of the cookie, verified. `None` for a visitor without a valid one.
    pub(crate) session: Option<Session>,
    /// Whether the client wants JSON.
    pub(crate) wants_json: bool,
    /// Whether a proxy of SHOP_TRUSTED_PROXIES forwarded the request.
    pub(crate) over_trusted_proxy: bool,
}

impl RequestContext {
    /// The visitor's address in the form that limits count.
    pub(crate) fn limit_key(&self) -> String {
        limit_key(self.visitor.ip)
    }

    pub(crate) fn of(parts: &Parts, state: &AppState) -> Self {
        if let Some(known) = parts.extensions.get::<Self>() {
            return known.clone();
        }
        let session =
            state.cookies.signed(&parts.headers, SESSION).find_map(|signed| state.session(signed, &COOKIE));
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
        let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        // a proxy may append its own header line
        let forwarded: Vec<&str> = parts
            .headers
            .get_all("x-forwarded-for")
            .iter()
            .map(|line| line.to_str().unwrap_or_default())
            .collect();
        let agent = user_agent(&parts.headers).to_ascii_lowercase();
        Self {
            visitor: Visitor {
                session: None,
                openid: None,
                language: language(&parts.headers),
                in_wechat: agent.contains("micromessenger"),
                on_phone: agent.contains("mobile"),
                in_miniprogram: agent.contains("miniprogram"),
                ip: state.proxies.client(peer, Some(&forwarded.join(","))),
            },
            session,
            over_trusted_proxy: state.proxies.trusts(peer),
            wants_json: text(&parts.headers, header::ACCEPT).contains("application/json"),
        }
    }
}

/// The text of a header; empty if it is missing. It need not be ASCII: a `User-Agent` may contain the Chinese name of a
/// phone.
fn text(headers: &HeaderMap, name: HeaderName) -> Cow<'_, str> {
    headers.get(name).map_or(Cow::Borrowed(""), |value| String::from_utf8_lossy(value.as_bytes()))
}

/// The name of the browser and its system, as the browser says it; empty if it says nothing.
pub(crate) fn user_agent(headers: &HeaderMap) -> Cow<'_, str> {
    text(headers, header::USER_AGENT)
}

/// The language that the shopper chose, otherwise WeChat's language, otherwise Chinese.
pub(crate) fn language(headers: &HeaderMap) -> Language {
    let chosen = named(headers, LANGUAGE).find_map(Language::of_tag);
    chosen.or_else(|| of_wechat(headers)).unwrap_or_default()
}

fn of_wechat(headers: &HeaderMap) -> Option<Language> {
    const WORD: &[u8] = b" language/";
    let agent = user_agent(headers);
    let at = agent.as_bytes().windows(WORD.len()).position(|piece| piece.eq_ignore_ascii_case(WORD))?;
    Language::of_tag(agent.get(at + WORD.len()..)?)
}

impl FromRequestParts<AppState> for RequestContext {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self::of(parts, state))
    }
}
