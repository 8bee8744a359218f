//! `GET /connect/oauth2/authorize` (wechat-protocol.md, 1.1).

use axum::{
    Extension,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{consent, error_page::Refusal};
use crate::{
    account::{Accounts, App},
    app_state::{AppState, SharedState},
    clock::Millis,
    database::Database,
    faults::Fault,
    phone::is_wechat,
    query::{Query, cookie},
    random,
    user::User,
};

/// The order of the parameters that WeChat requires. WeChat itself adds `connect_redirect=1` at the end
/// (wechat-protocol-2.md, 12).
const PARAMETER_ORDER: [&str; 8] = [
    "appid",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "forcePopup",
    "forceSnapShot",
    "connect_redirect",
];

/// The longest `state`, in characters.
pub(super) const MAX_STATE_LENGTH: usize = 128;

/// A login code.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Code {
    pub(crate) appid: String,
    pub(crate) openid: String,
    pub(crate) scope: String,
    pub(crate) issued_at: Millis,
    pub(crate) used: bool,
    /// Whether the user is a virtual user of WeChat's preview page.
    pub(crate) snapshot: bool,
}

/// The request for a login.
#[derive(Clone, Debug)]
pub(super) struct AuthorizeRequest {
    /// The service account or the website application.
    pub(super) app: App,
    pub(super) redirect_uri: Url,
    pub(super) scope: Scope,
    pub(super) state: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Base,
    UserInfo,
    /// `snsapi_login`, the scope of a website application.
    Login,
}

impl Scope {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Base => "snsapi_base",
            Self::UserInfo => "snsapi_userinfo",
            Self::Login => "snsapi_login",
        }
    }
}

pub(super) async fn page(
    State(app): State<SharedState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    fault: Option<Extension<Fault>>,
) -> Response {
    answer(&app, query.as_deref(), &headers, fault.is_some()).unwrap_or_else(IntoResponse::into_response)
}

fn answer(
    app: &AppState,
    query: Option<&str>,
    headers: &HeaderMap,
    same_code: bool,
) -> Result<Response, Refusal> {
    let request = read(&app.database().accounts, &Query::parse(query))?;
    let settings = app.settings().clone();
    let seen = app.database().redirects.seen(query.unwrap_or_default());
    if !is_wechat(headers) && seen.is_none() && settings.wechat_only {
        return Err(Refusal::NotWeChat);
    }
    // a browser does not send the fragment, but the phone's proxy has seen the whole address
    if seen.as_ref().is_some_and(|seen| !seen.wechat_redirect) {
        return Err(Refusal::Link("缺少 #wechat_redirect"));
    }
    if !settings.allows_login_at(&request.app, &request.redirect_uri) {
        return Err(Refusal::Domain);
    }
    let openid = {
        let db = app.database();
        user_of_browser(&db, seen.map(|seen| seen.openid), headers)
            .map(|user| db.accounts.openid(user, &request.app.appid).to_owned())
            .unwrap_or_default()
    };
    let again = app.database().last_logins.get(&openid).filter(|_| same_code).cloned();
    if let Some(code) = again {
        return Ok(redirect(&request, Some(&code)));
    }
    if request.scope != Scope::UserInfo {
        return Ok(login(app, &request, &openid, false));
    }
    let consented = app.database().user(&openid).is_some_and(|user| user.consented);
    if settings.snapshot_page || consented {
        return Ok(login(app, &request, &openid, settings.snapshot_page));
    }
    Ok(consent::ask(app, request, openid))
}

fn read(accounts: &Accounts, query: &Query) -> Result<AuthorizeRequest, Refusal> {
    let appid = query.get("appid").ok_or(Refusal::NoAppid)?;
    let redirect_uri = query.get("redirect_uri").ok_or(Refusal::NoRedirectUri)?;
    let scope = query.get("scope").ok_or(Refusal::NoScope)?;
    let mut order = PARAMETER_ORDER.iter();
    // each name must come after the one before it
    if !query.names().all(|name| order.any(|known| *known == name)) {
        return Err(Refusal::Link("参数顺序或参数名有误"));
    }
    if query.get("response_type") != Some("code") {
        return Err(Refusal::Link("response_type必须为code"));
    }
    let app = accounts.service_account(appid).ok_or(Refusal::OtherAppid)?;
    let scope = match scope {
        "snsapi_base" => Scope::Base,
        "snsapi_userinfo" => Scope::UserInfo,
        _ => return Err(Refusal::Scope),
    };
    let state = query.get("state");
    let letters = |state: &str| state.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if state.is_some_and(|state| state.len() > MAX_STATE_LENGTH || !letters(state)) {
        return Err(Refusal::Link("state只能是128字节以内的字母和数字"));
    }
    let redirect_uri = Url::parse(redirect_uri).map_err(|_| Refusal::Domain)?;
    Ok(AuthorizeRequest { app: app.clone(), redirect_uri, scope, state: state.map(str::to_owned) })
}

/// The user of this browser: the user of the phone, or the user in a cookie of this site, or the demo user.
pub(super) fn user_of_browser<'a>(
    db: &'a Database,
    of_phone: Option<String>,
    headers: &HeaderMap,
) -> Option<&'a User> {
    let named = of_phone.or_else(|| cookie(headers, "user"));
    named.and_then(|openid| db.user(&openid)).or_else(|| db.users.first())
}

/// Redirects to the shop with a code.
pub(super) fn login(app: &AppState, request: &AuthorizeRequest, openid: &str, snapshot: bool) -> Response {
    let code = format!("0{}", random::alphanumeric(31));
    let person = openid.to_owned();
    let openid = if snapshot { format!("o{}", random::alphanumeric(27)) } else { openid.to_owned() };
    let issued = Code {
        appid: request.app.appid.clone(),
        openid,
        scope: request.scope.as_str().to_owned(),
        issued_at: app.clock.now(),
        used: false,
        snapshot,
    };
    let mut db = app.database_mut();
    db.last_logins.insert(person, code.clone());
    db.codes.insert(code.clone(), issued);
    drop(db);
    redirect(request, Some(&code))
}

/// Redirects to the shop. The code is in the query, before the fragment.
pub(super) fn redirect(request: &AuthorizeRequest, code: Option<&str>) -> Response {
    let mut url = request.redirect_uri.clone();
    {
        let mut query = url.query_pairs_mut();
        if let Some(code) = code {
            query.append_pair("code", code);
        }
        if let Some(state) = &request.state {
            query.append_pair("state", state);
        }
    }
    (StatusCode::FOUND, [(header::LOCATION, url.to_string())]).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::APPID;

    const REDIRECT: &str = "http%3A%2F%2Flocalhost%3A8901%2Fback";

    fn refusal(query: &str) -> Option<Refusal> {
        read(&Accounts::demo(), &Query::parse(Some(query))).err()
    }

    #[test]
    fn the_documented_address_opens() {
        let query =
            format!("appid={APPID}&redirect_uri={REDIRECT}&response_type=code&scope=snsapi_base&state=a1");
        assert_eq!(refusal(&query), None);
    }

    #[test]
    fn the_parameter_that_wechat_adds_is_accepted() {
        let query = format!(
            "appid={APPID}&redirect_uri={REDIRECT}&response_type=code&scope=snsapi_base&state=a1&connect_redirect=1"
        );
        assert_eq!(refusal(&query), None);
    }

    #[test]
    fn another_order_of_parameters_is_refused() {
        let query =
            format!("redirect_uri={REDIRECT}&appid={APPID}&response_type=code&scope=snsapi_base&state=a1");
        assert!(matches!(refusal(&query), Some(Refusal::Link(_))));
    }

    #[test]
    fn an_unencoded_redirect_uri_is_refused() {
        let query = format!(
            "appid={APPID}&redirect_uri=http://localhost:8901/back?a=b&c=d&response_type=code&scope=snsapi_base"
        );
        assert!(matches!(refusal(&query), Some(Refusal::Link(_))));
    }

    #[test]
    fn each_missing_parameter_has_its_own_code() {
        assert_eq!(refusal(""), Some(Refusal::NoAppid));
        assert_eq!(refusal("appid=a"), Some(Refusal::NoRedirectUri));
        assert_eq!(refusal("appid=a&redirect_uri=b"), Some(Refusal::NoScope));
    }

    #[test]
    fn a_state_has_letters_and_digits_only() {
        for state in ["a-b", "%E4%B8%AD", &"a".repeat(129)] {
            let query = format!(
                "appid={APPID}&redirect_uri={REDIRECT}&response_type=code&scope=snsapi_base&state={state}"
            );
            assert!(matches!(refusal(&query), Some(Refusal::Link(_))), "{state}");
        }
    }
}
