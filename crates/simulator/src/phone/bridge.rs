//! The other end of `WeixinJSBridge.invoke`: WeChat's side of each call.

use axum::{Json, extract::State, http::HeaderMap};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Document, document, miniprogram,
    miniprogram::Leave,
    payment,
    share::{SHARE_APIS, Share},
    user_agent::Mode,
    visitor::Visitor,
};
use crate::{
    faults::Kind,
    world::{Shared, World},
};

/// Pages that are remembered; older ones are long closed.
const MOST_DOCUMENTS: usize = 1000;

/// APIs that answer ok and do nothing that a shop could see.
const SILENT: [&str; 11] = [
    "hideOptionMenu",
    "showOptionMenu",
    "hideMenuItems",
    "showMenuItems",
    "hideAllNonBaseMenuItem",
    "showAllNonBaseMenuItem",
    "closeWindow",
    "hideToolbar",
    "showToolbar",
    "imagePreview",
    "scanQRCode",
];

/// Events that a page may listen to; they are asked for like APIs.
const EVENTS: [&str; 5] = [
    "menu:share:timeline",
    "menu:share:appmessage",
    "menu:share:qq",
    "menu:share:weiboApp",
    "menu:share:QZone",
];

/// One call of a page.
#[derive(Deserialize)]
pub(super) struct Call {
    pub(super) name: String,
    pub(super) args: Value,
    /// Made up by the bridge, one for each page that is loaded.
    pub(super) document: String,
    pub(super) url: String,
    pub(super) entry_url: String,
}

impl Call {
    /// The SDK puts its configuration into each call, a call of the bridge itself does not.
    pub(super) fn is_by_sdk(&self) -> bool {
        self.args.get("verifySignType").is_some()
    }
}

/// What the bridge is to do.
#[derive(Default, Serialize)]
pub(super) struct Answer {
    /// What the page's callback gets.
    pub(super) reply: Value,
    /// A sentence that WeChat shows before that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) alert: Option<&'static str>,
    /// A payment to ask the shopper about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sheet: Option<payment::Sheet>,
    /// Where the phone goes after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) leave: Option<Leave>,
    /// The callback is never called.
    pub(super) never: bool,
}

impl Answer {
    pub(super) fn message(name: &str, result: &str) -> Self {
        Self { reply: json!({ "err_msg": format!("{name}:{result}") }), ..Self::default() }
    }
}

pub(super) async fn call(
    State(world): State<Shared>,
    headers: HeaderMap,
    Json(call): Json<Call>,
) -> Json<Answer> {
    let fault = world.look().faults.take(&call.name);
    let kind = fault.as_ref().map(|fault| fault.kind);
    if kind == Some(Kind::Refuse) {
        return Json(Answer::message(&call.name, "fail"));
    }
    if let Some(pause) = fault.filter(|fault| fault.kind == Kind::Delay).map(|fault| fault.delay()) {
        tokio::time::sleep(pause).await;
    }
    let mut answer = answer(&world, &Visitor::of(&world, &headers), &call);
    // what the call does is done all the same: the shopper may pay, and the page never hears of it
    answer.never = kind == Some(Kind::CallbackNever);
    Json(answer)
}

fn answer(world: &World, visitor: &Visitor, call: &Call) -> Answer {
    let name = call.name.as_str();
    match name {
        "preVerifyJSAPI" => return verify(world, visitor, call),
        "checkJsApi" => return check(visitor.mode, call),
        // in a web-view the mini program pays
        "getBrandWCPayRequest" if visitor.mode == Mode::MiniProgram => {
            return Answer::message("system", "access_denied");
        }
        "invokeMiniProgramAPI" if visitor.mode == Mode::MiniProgram => {
            return miniprogram::invoke(world, visitor, call);
        }
        "getBrandWCPayRequest" => return payment::ask(world, visitor, call),
        // with an answer the SDK would report to Tencent's real servers from a developer's machine
        "getNetworkType" => return Answer::message("network_type", "fail"),
        _ if !exists(name) => return Answer::message(name, "function_not_exist"),
        _ => {}
    }
    if call.is_by_sdk() && name != "closeWindow" && !allows(world, call, name) {
        return Answer::message(name, "permission denied");
    }
    if name == "editAddress" {
        return address(world, visitor);
    }
    if SHARE_APIS.contains(&name) {
        let mut data = call.args.clone();
        if let Some(data) = data.as_object_mut() {
            data.retain(|key, _| key != "appId" && !key.starts_with("verify"));
        }
        let share =
            Share { api: name.to_owned(), openid: visitor.openid.clone(), page: call.url.clone(), data };
        world.look().shares.push(share);
    }
    Answer::message(name, "ok")
}

/// The address that the shopper keeps at WeChat, as the client answers: the SDK gives the fields other names.
fn address(world: &World, visitor: &Visitor) -> Answer {
    let state = world.look();
    let Some(user) = state.user(&visitor.openid) else { return Answer::message("edit_address", "fail") };
    let reply = json!({
        "err_msg": "edit_address:ok",
        "userName": user.nickname,
        "telNumber": user.phone,
        "addressPostalCode": "510000",
        "proviceFirstStageName": "广东省",
        "addressCitySecondStageName": "广州市",
        "addressCountiesThirdStageName": "海珠区",
        "addressDetailInfo": "新港中路 397 号",
        "nationalCode": "440105",
    });
    Answer { reply, ..Answer::default() }
}

fn exists(name: &str) -> bool {
    ["preVerifyJSAPI", "checkJsApi", "editAddress", "getBrandWCPayRequest", "getNetworkType"].contains(&name)
        || SILENT.contains(&name)
        || SHARE_APIS.contains(&name)
        || EVENTS.contains(&name)
}

/// Whether the page's `wx.config` was allowed this API. What a menu's event leads to is allowed with the event.
pub(super) fn allows(world: &World, call: &Call, name: &str) -> bool {
    let event = match name {
        "sendAppMessage" => "menu:share:appmessage",
        "shareTimeline" => "menu:share:timeline",
        "shareQQ" => "menu:share:qq",
        "shareWeiboApp" => "menu:share:weiboApp",
        "shareQZone" => "menu:share:QZone",
        other => other,
    };
    let state = world.look();
    state
        .documents
        .get(&call.document)
        .is_some_and(|document| document.allowed.iter().any(|api| api == event))
}

fn verify(world: &World, visitor: &Visitor, call: &Call) -> Answer {
    match document::verify(world, visitor.mode, &call.url, &call.entry_url, &call.args) {
        Ok(allowed) => {
            let mut state = world.look();
            if state.documents.len() >= MOST_DOCUMENTS {
                state.documents.pop_first();
            }
            state.documents.insert(call.document.clone(), Document { allowed });
            Answer::message("preVerifyJSAPI", "ok")
        }
        Err(why) => {
            world.look().documents.remove(&call.document);
            Answer::message("preVerifyJSAPI", why)
        }
    }
}

/// Android hands the result over as text.
fn check(mode: Mode, call: &Call) -> Answer {
    let names = call.args["jsApiList"].as_array().map(Vec::as_slice).unwrap_or_default();
    let names = names.iter().filter_map(Value::as_str);
    let result: Value = names.map(|name| (name.to_owned(), Value::Bool(exists(name)))).collect();
    let result = if mode == Mode::Android { Value::String(result.to_string()) } else { result };
    Answer { reply: json!({ "err_msg": "checkJsApi:ok", "checkResult": result }), ..Answer::default() }
}
