//! The mini program around a page in its web view: the calls of pages, and a stand-in for the mini program's own
//! pages.

use axum::{
    Json,
    extract::{RawQuery, State},
    http::HeaderMap,
    response::Html,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::{
    bridge::{Answer, Call},
    payment_sheet::{Outcome, PaymentSheet, check, diagnosis, order_of, sheet},
    phone_user::PhoneUser,
    subscribe::requested,
};
use crate::{
    app_state::{AppState, SharedState},
    html::escape,
    pay,
    query::Query,
    request_log::record_bridge_call,
};

/// A call of a page, or the result of a payment in the mini program.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct ProgramCall {
    /// `navigateTo`, `postMessage` …; `requestPayment` for a payment.
    pub(crate) api: String,
    pub(crate) openid: String,
    /// The page in the web view. For a payment, the page of the mini program.
    pub(crate) page: String,
    pub(crate) arg: Value,
    /// The result for the page.
    pub(crate) result: String,
}

/// The page that the phone shows next.
#[derive(Serialize)]
pub(super) struct Leave {
    /// A page of the phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<String>,
    replace: bool,
    /// The number of pages to go back.
    #[serde(skip_serializing_if = "Option::is_none")]
    back: Option<u64>,
}

/// `invokeMiniProgramAPI` {name, arg}, a call of the SDK's `wx.miniProgram`.
pub(super) fn invoke(app: &AppState, phone_user: &PhoneUser, call: &Call) -> Answer {
    const NAME: &str = "invokeMiniProgramAPI";
    let api = call.args["name"].as_str().unwrap_or_default().to_owned();
    let arg = call.args["arg"].clone();
    let url = arg["url"].as_str().filter(|url| !url.is_empty());
    let open_page = |replace| {
        url.map(|url| {
            let query: String = form_urlencoded::byte_serialize(url.as_bytes()).collect();
            let page = Some(format!("/_phone/miniprogram?url={query}"));
            Leave { page, replace, back: None }
        })
    };
    let (leave, known) = match api.as_str() {
        "navigateTo" => (open_page(false), url.is_some()),
        "redirectTo" | "reLaunch" | "switchTab" => (open_page(true), url.is_some()),
        "navigateBack" => {
            let back = Some(arg["delta"].as_u64().unwrap_or(1).max(1));
            (Some(Leave { page: None, replace: false, back }), true)
        }
        "postMessage" | "getEnv" => (None, true),
        _ => (None, false),
    };
    let mut answer = Answer::message(NAME, if known { "ok" } else { "fail" });
    if api == "getEnv" {
        answer.reply["miniprogram"] = true.into();
    }
    answer.leave = leave;
    let result = answer.reply["err_msg"].as_str().unwrap_or_default().to_owned();
    let (openid, page) = (phone_user.openid.clone(), call.url.clone());
    app.database_mut().program_calls.push(ProgramCall { api, openid, page, arg, result });
    answer
}

/// `GET /_phone/miniprogram?url=…`: the stand-in for a page of the mini program. If the address contains a payment, it
/// shows the payment sheet. If it contains templates (`tmplIds`), it asks for the user's consent first.
pub(super) async fn page(
    State(app): State<SharedState>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Html<String> {
    let query = Query::parse(query.as_deref());
    let url = query.get("url").unwrap_or("/");
    let phone_user = PhoneUser::of(&app, &headers);
    let payment_request = ask(&app, &phone_user, url);
    if let Some(Err(why)) = &payment_request {
        record(&app, &phone_user, url, Value::Null, &format!("requestPayment:fail {why}"));
    }
    Html(document(url, &consent_sheet(&app, url), payment_request))
}

/// `wx.requestSubscribeMessage` with the templates in the query: `tmplIds`, with commas.
fn consent_sheet(app: &AppState, url: &str) -> String {
    let query = Query::parse(url.split_once('?').map(|(_, query)| query));
    let Some(ids) = query.get("tmplIds") else { return String::new() };
    let ids: Vec<String> = ids.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect();
    let db = app.database();
    let templates = match requested(&db, db.accounts.first_miniprogram(), &ids) {
        Ok(templates) => templates,
        Err(why) => return format!("<p id=\"wechat-subscribe-error\">{} {}</p>", why.0, escape(why.1)),
    };
    let titles: String = templates.iter().map(|each| format!("<p>{}</p>", escape(&each.title))).collect();
    let button = |answer: &str, id: &str, label: &str| {
        format!(
            "<button id=\"{id}\" data-testid=\"{id}\" data-answer=\"{answer}\" data-templates=\"{}\" \
             data-page=\"{}\">{label}</button>",
            escape(&ids.join(",")),
            escape(url)
        )
    };
    format!(
        "<section id=\"wechat-subscribe-sheet\" data-testid=\"wechat-subscribe-sheet\"><p>申请给您发送以下消息</p>{titles}{}{}\
         </section>",
        button("accept", "wechat-subscribe-allow", "允许"),
        button("reject", "wechat-subscribe-refuse", "取消")
    )
}

/// The payment of `wx.requestPayment`: the parameters in the query, or an order number in the query, as if the mini
/// program had got the parameters from the shop.
fn ask(app: &SharedState, phone_user: &PhoneUser, url: &str) -> Option<Result<PaymentSheet, &'static str>> {
    let query = Query::parse(url.split_once('?').map(|(_, query)| query));
    if query.get("package").is_some() || query.get("prepay_id").is_some() {
        let package = match (query.get("package"), query.get("prepay_id")) {
            (Some(package), _) => package.to_owned(),
            (None, prepay_id) => format!("prepay_id={}", prepay_id.unwrap_or_default()),
        };
        let prepay_id = package.trim_start_matches("prepay_id=");
        let appid = {
            let db = app.database();
            let ordered = db.order_with_id(prepay_id).map(|order| order.appid.clone());
            let of_miniprogram = ordered.filter(|appid| db.accounts.miniprogram(appid).is_some());
            of_miniprogram.unwrap_or_else(|| db.accounts.first_miniprogram().to_owned())
        };
        let mut args = json!({ "appId": appid, "package": package });
        for name in ["timeStamp", "nonceStr", "signType", "paySign"] {
            args[name] = query.get(name).unwrap_or_default().into();
        }
        let checked = check(app, phone_user, &args);
        let (result, mistake) = match &checked {
            Ok(_) => (json!({ "err_msg": "requestPayment:ok" }), None),
            Err(why) => (json!({ "err_msg": "requestPayment:fail", "err_desc": why }), diagnosis(app, &args)),
        };
        record_bridge_call(app, "requestPayment", url, &args, &result, mistake);
        return Some(checked);
    }
    let out_trade_no = query.get("out_trade_no")?;
    let now = app.clock.now();
    let db = app.database();
    let order =
        db.order_named(out_trade_no, None).filter(|order| db.accounts.miniprogram(&order.appid).is_some());
    let prepay_id = order.and_then(|order| order.prepays.last()).map(|prepay| prepay.prepay_id.as_str());
    let Some(prepay_id) = prepay_id else { return Some(Err("订单不存在")) };
    Some(match order_of(&db, prepay_id, now) {
        Some(order) => sheet(&db, phone_user, order, prepay_id, now),
        None => Err("该订单已失效"),
    })
}

const STYLE: &str = ":root{color-scheme:light dark}body{font:17px/1.6 -apple-system,sans-serif;margin:8vh 24px;\
    text-align:center;overflow-wrap:anywhere}h1{font-size:24px}b{font-size:42px}button{display:block;width:184px;margin:16px auto;\
    padding:10px;border:0;border-radius:8px;font:inherit}.primary{background:#06803f;color:#fff}";

const SCRIPT: &str = "document.getElementById('miniprogram-back').onclick=function(){history.back()};\
    document.querySelectorAll('[data-outcome]').forEach(function(b){b.onclick=function(){\
    fetch('/_phone/miniprogram/pay',{method:'POST',headers:{'content-type':'application/json'},\
    body:JSON.stringify({prepay_id:b.dataset.prepay,outcome:b.dataset.outcome,page:b.dataset.page})})\
    .then(function(r){return r.json()}).then(function(a){\
    document.getElementById('wechat-pay-sheet').remove();\
    document.getElementById('miniprogram-result').textContent=a.errMsg})}});\
    document.querySelectorAll('[data-answer]').forEach(function(b){b.onclick=function(){\
    fetch('/_phone/miniprogram/subscribe',{method:'POST',headers:{'content-type':'application/json'},\
    body:JSON.stringify({templates:b.dataset.templates.split(','),answer:b.dataset.answer,page:b.dataset.page})})\
    .then(function(r){return r.json()}).then(function(a){\
    document.getElementById('wechat-subscribe-sheet').remove();\
    document.getElementById('miniprogram-result').textContent=a.errMsg})}})";

fn document(url: &str, consent: &str, payment_request: Option<Result<PaymentSheet, &'static str>>) -> String {
    let url = escape(url);
    let payment = match payment_request {
        None => String::new(),
        Some(Err(why)) => format!("<p id=\"wechat-alert-text\">{}</p>", escape(why)),
        Some(Ok(sheet)) => {
            let button = |outcome: &str, id: &str, label: &str| {
                let prepay_id = escape(&sheet.prepay_id);
                let style = if outcome == "ok" { " class=\"primary\"" } else { "" };
                format!(
                    "<button{style} id=\"{id}\" data-testid=\"{id}\" data-outcome=\"{outcome}\" \
                     data-prepay=\"{prepay_id}\" data-page=\"{url}\">{label}</button>"
                )
            };
            format!(
                "<section id=\"wechat-pay-sheet\" data-testid=\"wechat-pay-sheet\">\
                 <p id=\"wechat-pay-merchant\">{}</p><b id=\"wechat-pay-amount\">¥{}</b>\
                 <p id=\"wechat-pay-body\">{}</p>{}{}{}</section>",
                escape(&sheet.merchant),
                sheet.amount,
                escape(&sheet.body),
                button("ok", "wechat-pay-confirm", "立即支付"),
                button("cancel", "wechat-pay-cancel", "取消"),
                button("fail", "wechat-pay-fail", "模拟支付失败"),
            )
        }
    };
    format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>小程序（模拟）</title>\
         <link rel=\"icon\" href=\"data:,\"><style>{STYLE}</style></head>\
         <body data-testid=\"miniprogram-page\"><main><h1>小程序（模拟）</h1>\
         <p><code id=\"miniprogram-url\" data-testid=\"miniprogram-url\">{url}</code></p>{consent}{payment}\
         <p id=\"miniprogram-result\" data-testid=\"miniprogram-result\"></p>\
         <button id=\"miniprogram-back\" data-testid=\"miniprogram-back\">返回</button></main>\
         <script>{SCRIPT}</script></body></html>"
    )
}

/// `POST /_phone/miniprogram/pay`: a button of the payment sheet.
#[derive(Deserialize)]
pub(super) struct SheetResult {
    prepay_id: String,
    outcome: Outcome,
    #[serde(default)]
    page: String,
}

pub(super) async fn submit(
    State(app): State<SharedState>,
    headers: HeaderMap,
    Json(result_form): Json<SheetResult>,
) -> Json<Value> {
    let phone_user = PhoneUser::of(&app, &headers);
    let result = match result_form.outcome {
        Outcome::Cancel => "requestPayment:fail cancel".to_owned(),
        Outcome::Fail => "requestPayment:fail".to_owned(),
        Outcome::Ok => match buy(&app, &phone_user, &result_form.prepay_id) {
            Ok(()) => "requestPayment:ok".to_owned(),
            Err(why) => format!("requestPayment:fail {why}"),
        },
    };
    record(&app, &phone_user, &result_form.page, json!({ "prepay_id": result_form.prepay_id }), &result);
    Json(json!({ "errMsg": result }))
}

fn buy(app: &AppState, phone_user: &PhoneUser, prepay_id: &str) -> Result<(), &'static str> {
    let (key, payer) = {
        let db = app.database();
        // the sheet may have been open after the prepay_id expired
        let order = order_of(&db, prepay_id, app.clock.now()).ok_or("该订单已失效")?;
        let payer = db.user(&phone_user.openid);
        (order.key(), payer.map(|user| db.accounts.openid(user, &order.appid).to_owned()))
    };
    pay::pay(app, &key, payer.as_deref(), None).map(|_| ()).map_err(pay::PaymentRefusal::message)
}

fn record(app: &AppState, phone_user: &PhoneUser, page: &str, arg: Value, result: &str) {
    app.database_mut().program_calls.push(ProgramCall {
        api: "requestPayment".to_owned(),
        openid: phone_user.openid.clone(),
        page: page.to_owned(),
        arg,
        result: result.to_owned(),
    });
}
