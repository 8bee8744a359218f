//! WeChat's side of the calls of `WeixinJSBridge.invoke`.

use axum::{Json, extract::State, http::HeaderMap};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    miniprogram,
    miniprogram::Leave,
    page_config, payment_sheet,
    phone_user::PhoneUser,
    share::{SHARE_APIS, Share},
    user_agent::PhoneKind,
};
use crate::{
    app_state::{AppState, SharedState},
    diagnosis::Diagnosis,
    faults::FaultKind,
    request_log::record_bridge_call,
};

/// APIs that return ok and have no visible effect.
const NO_EFFECT_APIS: [&str; 11] = [
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

/// Events that a page may listen to. A page requests them like APIs.
const EVENTS: [&str; 5] = [
    "menu:share:timeline",
    "menu:share:appmessage",
    "menu:share:qq",
    "menu:share:weiboApp",
    "menu:share:QZone",
];

/// A call of a page.
#[derive(Deserialize)]
pub(super) struct Call {
    pub(super) name: String,
    pub(super) args: Value,
    /// A random id that the bridge creates for each loaded page.
    pub(super) document: String,
    pub(super) url: String,
    pub(super) entry_url: String,
}

impl Call {
    /// The JS-SDK adds its configuration to each call. A direct call of the bridge has none.
    pub(super) fn is_by_sdk(&self) -> bool {
        self.args.get("verifySignType").is_some()
    }
}

/// The instructions for the bridge.
#[derive(Default, Serialize)]
pub(super) struct Answer {
    /// The argument of the page's callback.
    pub(super) reply: Value,
    /// A message that WeChat shows first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) alert: Option<&'static str>,
    /// The payment sheet to show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sheet: Option<payment_sheet::PaymentSheet>,
    /// The next page of the phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) leave: Option<Leave>,
    /// Whether the callback is never called.
    #[serde(rename = "never")]
    pub(super) drops_callback: bool,
    /// The open tags that the page may use.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) open_tags: Vec<String>,
    /// The mistake in a signature, for the console of the browser.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) diagnosis: Option<Diagnosis>,
}

impl Answer {
    pub(super) fn message(name: &str, result: &str) -> Self {
        Self { reply: json!({ "err_msg": format!("{name}:{result}") }), ..Self::default() }
    }
}

pub(super) async fn call(
    State(app): State<SharedState>,
    headers: HeaderMap,
    Json(call): Json<Call>,
) -> Json<Answer> {
    let fault = app.database().faults.take(&call.name);
    let kind = fault.as_ref().map(|fault| fault.kind);
    if kind == Some(FaultKind::Refuse) {
        return Json(Answer::message(&call.name, "fail"));
    }
    if let Some(pause) = fault.filter(|fault| fault.kind == FaultKind::Delay).map(|fault| fault.delay()) {
        tokio::time::sleep(pause).await;
    }
    let mut reply = answer(&app, &PhoneUser::of(&app, &headers), &call);
    if ["preVerifyJSAPI", "getBrandWCPayRequest"].contains(&call.name.as_str()) {
        let diagnosis = reply.diagnosis.clone();
        record_bridge_call(&app, &call.name, &call.url, &call.args, &reply.reply, diagnosis);
    }
    // the call takes effect: the shopper may pay, but the page does not learn the result
    reply.drops_callback = kind == Some(FaultKind::CallbackNever);
    Json(reply)
}

fn answer(app: &AppState, phone_user: &PhoneUser, call: &Call) -> Answer {
    let name = call.name.as_str();
    match name {
        "preVerifyJSAPI" => return verify(app, phone_user, call),
        "checkJsApi" => return check_js_api(phone_user.kind, call),
        // a page in a web view cannot pay: only the mini program can
        "getBrandWCPayRequest" if phone_user.kind == PhoneKind::MiniProgram => {
            return Answer::message("system", "access_denied");
        }
        "invokeMiniProgramAPI" if phone_user.kind == PhoneKind::MiniProgram => {
            return miniprogram::invoke(app, phone_user, call);
        }
        "getBrandWCPayRequest" => return payment_sheet::ask(app, phone_user, call),
        // if this succeeded, the SDK would send reports to Tencent's servers
        "getNetworkType" => return Answer::message("network_type", "fail"),
        _ if !exists(name) => return Answer::message(name, "function_not_exist"),
        _ => {}
    }
    if call.is_by_sdk() && name != "closeWindow" && !page_config::is_granted(app, &call.document, name) {
        return Answer::message(name, "permission denied");
    }
    if name == "editAddress" {
        return address(app, phone_user);
    }
    if SHARE_APIS.contains(&name) {
        let mut data = call.args.clone();
        if let Some(data) = data.as_object_mut() {
            data.retain(|key, _| key != "appId" && !key.starts_with("verify"));
        }
        let share =
            Share { api: name.to_owned(), openid: phone_user.openid.clone(), page: call.url.clone(), data };
        app.database().shares.push(share);
    }
    Answer::message(name, "ok")
}

/// The shopper's address in WeChat, as the client returns it. The SDK renames the fields.
fn address(app: &AppState, phone_user: &PhoneUser) -> Answer {
    let db = app.database();
    let Some(user) = db.user(&phone_user.openid) else { return Answer::message("edit_address", "fail") };
    let reply = json!({
        "err_msg": "edit_address:ok",
        "userName": user.nickname,
        "telNumber": user.phone,
        "addressPostalCode": "510000",
        // this is WeChat's spelling
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
        || NO_EFFECT_APIS.contains(&name)
        || SHARE_APIS.contains(&name)
        || EVENTS.contains(&name)
}

fn verify(app: &AppState, phone_user: &PhoneUser, call: &Call) -> Answer {
    match page_config::verify(app, phone_user.kind, &call.url, &call.entry_url, &call.args) {
        Ok(config) => {
            let open_tags = config.open_tags.clone();
            app.database().page_configs.insert(call.document.clone(), config);
            Answer { open_tags, ..Answer::message("preVerifyJSAPI", "ok") }
        }
        Err(why) => {
            app.database().page_configs.remove(&call.document);
            Answer { diagnosis: why.diagnosis, ..Answer::message("preVerifyJSAPI", why.message) }
        }
    }
}

/// Which of the APIs in the list exist. Android returns the result as text.
fn check_js_api(phone: PhoneKind, call: &Call) -> Answer {
    let names = call.args["jsApiList"].as_array().map(Vec::as_slice).unwrap_or_default();
    let names = names.iter().filter_map(Value::as_str);
    let result: Value = names.map(|name| (name.to_owned(), Value::Bool(exists(name)))).collect();
    let result = if phone == PhoneKind::Android { Value::String(result.to_string()) } else { result };
    Answer { reply: json!({ "err_msg": "checkJsApi:ok", "checkResult": result }), ..Answer::default() }
}
