//! Requests for the user's consent to messages: `wx.requestSubscribeMessage` on the mini program's stand-in, and the open
//! tag `wx-open-subscribe` of a page.

use axum::{Json, extract::State, http::HeaderMap};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{miniprogram::ProgramCall, phone_user::PhoneUser};
use crate::{
    app_state::SharedState,
    database::Database,
    messages::{Answer, MessageKind, Template, answer},
};

/// The largest number of templates in one request.
const MAX_TEMPLATES: usize = 3;

/// The open tag that requests the consent in a page.
pub(super) const TAG: &str = "wx-open-subscribe";

/// Why a request is refused: WeChat's number and text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refusal(pub(super) i64, pub(super) &'static str);

/// The templates of a request.
pub(super) fn requested<'a>(
    db: &'a Database,
    appid: &str,
    ids: &[String],
) -> Result<Vec<&'a Template>, Refusal> {
    const UNKNOWN: Refusal = Refusal(20001, "No template data return, verify the template id exist");
    if ids.is_empty() {
        return Err(Refusal(10001, "TmplIds can't be empty"));
    }
    if ids.len() > MAX_TEMPLATES {
        return Err(Refusal(20003, "Templates count out of max bounds"));
    }
    let app = db.accounts.apps().find(|app| app.appid == appid).ok_or(UNKNOWN)?;
    let find = |id: &String| {
        let known = app.templates.iter().find(|known| known.id == *id);
        known.filter(|known| known.kind != MessageKind::Template).ok_or(UNKNOWN)
    };
    let templates: Vec<&Template> = ids.iter().map(find).collect::<Result<_, _>>()?;
    if templates.iter().any(|each| each.kind != templates[0].kind) {
        return Err(Refusal(20002, "Templates type must be same"));
    }
    Ok(templates)
}

/// Stores the answer of the phone's user to each template.
fn give(
    db: &mut Database,
    appid: &str,
    phone_user: &PhoneUser,
    ids: &[String],
    given: Answer,
) -> Result<Map<String, Value>, Refusal> {
    requested(db, appid, ids)?;
    let user = db.user(&phone_user.openid).cloned().ok_or(Refusal(10002, "no user"))?;
    let mut answers = Map::new();
    for id in ids {
        answer(db, appid, &user, id, given);
        answers.insert(id.clone(), json!(given));
    }
    Ok(answers)
}

#[derive(Deserialize)]
pub(super) struct ProgramAnswer {
    templates: Vec<String>,
    answer: Answer,
    #[serde(default)]
    page: String,
}

/// `POST /_phone/miniprogram/subscribe`: a button of the stand-in.
pub(super) async fn in_miniprogram(
    State(app): State<SharedState>,
    headers: HeaderMap,
    Json(form): Json<ProgramAnswer>,
) -> Json<Value> {
    let phone_user = PhoneUser::of(&app, &headers);
    let mut db = app.database_mut();
    let appid = db.accounts.first_miniprogram().to_owned();
    let mut reply = match give(&mut db, &appid, &phone_user, &form.templates, form.answer) {
        Ok(answers) => Value::Object(answers),
        Err(Refusal(code, _)) => json!({ "errCode": code }),
    };
    let result = match reply["errCode"].as_i64() {
        None => "requestSubscribeMessage:ok".to_owned(),
        Some(code) => format!("requestSubscribeMessage:fail {code}"),
    };
    reply["errMsg"] = result.clone().into();
    db.program_calls.push(ProgramCall {
        api: "requestSubscribeMessage".to_owned(),
        openid: phone_user.openid,
        page: form.page,
        arg: json!({ "tmplIds": form.templates }),
        result,
    });
    Json(reply)
}

#[derive(Deserialize)]
pub(super) struct PageRequest {
    document: String,
    templates: Vec<String>,
    /// `None` if the phone must show the sheet first.
    answer: Option<Answer>,
}

/// `POST /_phone/subscribe`: the open tag of a page. Returns the titles for the sheet, or the answers of the user.
pub(super) async fn in_page(
    State(app): State<SharedState>,
    headers: HeaderMap,
    Json(request): Json<PageRequest>,
) -> Json<Value> {
    let phone_user = PhoneUser::of(&app, &headers);
    let mut db = app.database_mut();
    let granted = db.page_configs.get(&request.document);
    let granted = granted.filter(|config| config.open_tags.iter().any(|tag| tag == TAG));
    let Some(appid) = granted.map(|config| config.appid.clone()) else {
        return Json(json!({ "errMsg": "openTag:permission denied", "errCode": 10003 }));
    };
    let reply = match request.answer {
        None => requested(&db, &appid, &request.templates)
            .map(|all| json!({ "titles": all.iter().map(|each| &each.title).collect::<Vec<_>>() })),
        Some(given) => give(&mut db, &appid, &phone_user, &request.templates, given)
            .map(|answers| json!({ "answers": answers })),
    };
    Json(reply.unwrap_or_else(|Refusal(code, text)| json!({ "errMsg": text, "errCode": code })))
}
