//! The user and the kind of the phone. Two cookies of the phone store them; the shop does not see these cookies.

use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use url::Url;

use super::user_agent::{PhoneKind, own_kind};
use crate::{
    app_state::{AppState, SharedState},
    query::{Query, cookie},
};

const USER: &str = "phone_user";
const MODE: &str = "phone_mode";

/// The user and the kind of the phone.
pub(super) struct PhoneUser {
    pub(super) openid: String,
    pub(super) kind: PhoneKind,
}

impl PhoneUser {
    pub(super) fn of(app: &AppState, headers: &HeaderMap) -> Self {
        let db = app.database();
        let chosen = cookie(headers, USER).filter(|openid| db.user(openid).is_some());
        let first = db.users.first().map(|user| user.openid.clone());
        let kind = own_kind(headers).or_else(|| PhoneKind::parse(&cookie(headers, MODE)?));
        Self { openid: chosen.or(first).unwrap_or_default(), kind: kind.unwrap_or_default() }
    }
}

/// `GET /_phone/user?openid=…&mode=iphone|android|miniprogram|browser|desktop&next=/`.
pub(super) async fn choose(State(app): State<SharedState>, RawQuery(query): RawQuery) -> Response {
    let query = Query::parse(query.as_deref());
    let mut headers = HeaderMap::new();
    if let Some(openid) = query.get("openid") {
        if app.database().user(openid).is_none() {
            return (StatusCode::BAD_REQUEST, "no user with this openid\n").into_response();
        }
        remember(&mut headers, USER, openid);
    }
    if let Some(mode) = query.get("mode") {
        if PhoneKind::parse(mode).is_none() {
            return (StatusCode::BAD_REQUEST, "mode is iphone, android, miniprogram, browser or desktop\n")
                .into_response();
        }
        remember(&mut headers, MODE, mode);
    }
    let next = HeaderValue::from_str(&local(query.get("next").unwrap_or("/")));
    let next = next.unwrap_or(HeaderValue::from_static("/"));
    headers.append(header::LOCATION, next);
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// A path of the phone, percent-encoded. An address of another site becomes the first page.
fn local(next: &str) -> String {
    let here = Url::parse("http://phone.invalid/").ok();
    let there = here.as_ref().and_then(|here| here.join(next).ok());
    match (here, there) {
        (Some(here), Some(there)) if here.origin() == there.origin() => {
            there[url::Position::BeforePath..].to_owned()
        }
        _ => "/".to_owned(),
    }
}

fn remember(headers: &mut HeaderMap, name: &str, value: &str) {
    if let Ok(cookie) = HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax")) {
        headers.append(header::SET_COOKIE, cookie);
    }
}

/// The cookies without the phone's. `None` if there is no other.
pub(super) fn without_simulator_cookie(line: &HeaderValue) -> Option<HeaderValue> {
    // compare bytes: a script of the shop may have set a cookie that is not text
    let own = |pair: &[u8]| {
        let name = pair.split(|byte| *byte == b'=').next().unwrap_or_default().trim_ascii();
        [USER, MODE].iter().any(|own| own.as_bytes() == name)
    };
    let pairs = || line.as_bytes().split(|byte| *byte == b';');
    if !pairs().any(own) {
        return Some(line.clone());
    }
    let rest: Vec<&[u8]> = pairs().filter(|pair| !own(pair)).map(<[u8]>::trim_ascii).collect();
    (!rest.is_empty()).then(|| HeaderValue::from_bytes(&rest.join(&b"; "[..])).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_a_page_of_the_phone() {
        assert_eq!(local("/a?b=中#c"), "/a?b=%E4%B8%AD#c");
        for foreign in ["//evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)"] {
            assert_eq!(local(foreign), "/", "{foreign}");
        }
    }

    #[test]
    fn the_shop_does_not_see_the_phones_cookies() {
        let seen = |line: &'static str| without_simulator_cookie(&HeaderValue::from_static(line));
        assert_eq!(seen("a=1; b=2").unwrap(), "a=1; b=2");
        assert_eq!(seen("a=1; phone_user=o; b=2; phone_mode=android").unwrap(), "a=1; b=2");
        assert_eq!(seen("phone_user=o"), None);
        let foreign = HeaderValue::from_bytes("nick=小王; phone_user=o".as_bytes()).unwrap();
        assert_eq!(without_simulator_cookie(&foreign).unwrap().as_bytes(), "nick=小王".as_bytes());
    }
}
