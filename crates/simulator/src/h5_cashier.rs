//! `/cgi-bin/mmpayweb-bin/checkmweb`: the H5 payment page for browsers outside WeChat (wechat-protocol.md, 0, 4.2 and
//! 5.4). The messages are those of the H5 documents' list of common errors.

use axum::{
    Extension, Form, Router,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use url::Url;

use crate::{
    account::Merchant,
    app_state::{AppState, SharedState},
    clock::{MINUTE, Millis},
    html::escape,
    listener::Peer,
    pay::{self, Order, PaymentRefusal, TradeState},
    phone::is_wechat,
    query::{Query, cookie},
};

/// How long a link is valid.
const LIFETIME: Millis = 5 * MINUTE;

/// The messages of a page that does not open.
const FORMAT: &str = "商家参数格式有误，请联系商家解决";
const NOT_REGISTERED: &str = "商家存在未配置的参数，请联系商家解决";
const EXPIRED: &str = "支付请求已失效，请重新发起支付";
const IN_WECHAT: &str = "请在微信外打开订单，进行支付";
const NETWORK: &str = "网络环境未能通过安全验证，请稍后再试";

/// The page and its form.
pub(crate) fn routes() -> Router<SharedState> {
    Router::new()
        .route("/cgi-bin/mmpayweb-bin/checkmweb", get(page))
        .route("/cgi-bin/mmpayweb-bin/pay", post(submit))
}

async fn page(
    State(app): State<SharedState>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    match open(&app, peer, &headers, &Query::parse(query.as_deref())) {
        Ok(page) => Html(page).into_response(),
        Err(why) => notice("微信支付", why),
    }
}

fn open(app: &AppState, peer: Peer, headers: &HeaderMap, query: &Query) -> Result<String, &'static str> {
    if is_wechat(headers) {
        return Err(IN_WECHAT);
    }
    let settings = app.settings().clone();
    let merchant = merchant(app, query.get("prepay_id").unwrap_or_default());
    let referer = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let referer = Url::parse(referer.unwrap_or_default()).map_err(|_| FORMAT)?;
    if !settings.allows_h5_at(&merchant, &referer) {
        return Err(NOT_REGISTERED);
    }
    // without `redirect_url` the payment returns to the page where it began
    let back = match query.get("redirect_url") {
        Some(text) => Url::parse(text).map_err(|_| FORMAT)?,
        None => referer,
    };
    if !settings.allows_h5_at(&merchant, &back) {
        return Err(NOT_REGISTERED);
    }
    let (prepay_id, package) = (query.get("prepay_id"), query.get("package"));
    let prepay_id = prepay_id.ok_or(FORMAT)?;
    let now = app.clock.now();
    let db = app.database();
    let order = db.order_with_id(prepay_id).ok_or(FORMAT)?;
    let prepay = order.prepays.iter().find(|prepay| prepay.prepay_id == prepay_id).ok_or(FORMAT)?;
    let link = prepay.mweb_url.as_deref().and_then(|link| Url::parse(link).ok()).ok_or(FORMAT)?;
    if Query::parse(link.query()).get("package") != package {
        return Err(FORMAT);
    }
    if now >= prepay.issued_at + LIFETIME {
        return Err(EXPIRED);
    }
    if settings.h5_ip_check && order.payer_ip.as_deref() != Some(&peer.ip()) {
        return Err(NETWORK);
    }
    match order.state(now) {
        TradeState::NotPay => Ok(cashier(&merchant, order, prepay_id, back.as_str())),
        TradeState::Success | TradeState::Refund => Err(PaymentRefusal::Paid.message()),
        _ => Err(PaymentRefusal::Closed.message()),
    }
}

const STYLE: &str = ":root{color-scheme:light dark}body{font:17px/1.6 -apple-system,sans-serif;margin:15vh 24px;\
    text-align:center}h1{font:inherit}b{font-size:42px}button{display:block;width:184px;margin:16px auto;padding:10px;border:0;\
    border-radius:8px;font:inherit}.primary{background:#06803f;color:#fff}";

fn document(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{title}</title>\
         <style>{STYLE}</style></head><body><main>{body}</main></body></html>"
    )
}

fn cashier(merchant: &Merchant, order: &Order, prepay_id: &str, back: &str) -> String {
    let (body, prepay_id, back) = (escape(&order.body), escape(prepay_id), escape(back));
    let amount = format!("{}.{:02}", order.total_fee / 100, order.total_fee % 100);
    let name = escape(&merchant.name);
    let body = format!(
        "<h1 id=\"h5-merchant\">{name}</h1><b id=\"h5-amount\">¥{amount}</b><p id=\"h5-body\">{body}</p>\
         <form method=\"post\" action=\"/cgi-bin/mmpayweb-bin/pay\">\
         <input type=\"hidden\" name=\"prepay_id\" value=\"{prepay_id}\">\
         <input type=\"hidden\" name=\"back\" value=\"{back}\">\
         <button class=\"primary\" id=\"h5-pay\" name=\"outcome\" value=\"ok\">立即支付</button>\
         <button id=\"h5-leave\" name=\"outcome\" value=\"cancel\">离开</button></form>"
    );
    document("微信支付", &body)
}

fn notice(title: &str, message: &str) -> Response {
    Html(document(title, &format!("<h1 id=\"message\">{}</h1>", escape(message)))).into_response()
}

#[derive(Deserialize)]
struct CashierForm {
    prepay_id: String,
    back: String,
    outcome: Outcome,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Ok,
    Cancel,
}

async fn submit(
    State(app): State<SharedState>,
    headers: HeaderMap,
    Form(form): Form<CashierForm>,
) -> Response {
    let merchant = merchant(&app, &form.prepay_id);
    let allowed = Url::parse(&form.back).is_ok_and(|back| app.settings().allows_h5_at(&merchant, &back));
    if !allowed {
        return notice("微信支付", NOT_REGISTERED);
    }
    if form.outcome == Outcome::Ok {
        let payer = payer(&app, &headers, &form.prepay_id);
        let key = app.database().order_with_id(&form.prepay_id).map(Order::key).unwrap_or_default();
        if let Err(why) = pay::pay(&app, &key, payer.as_deref(), None) {
            return notice("微信支付", why.message());
        }
    }
    // the return does not say whether the payment succeeded
    (StatusCode::SEE_OTHER, [(header::LOCATION, form.back)]).into_response()
}

/// The user of this browser's WeChat: a cookie of this site names the user. `None` without one.
fn payer(app: &AppState, headers: &HeaderMap, prepay_id: &str) -> Option<String> {
    let db = app.database();
    let user = db.user(&cookie(headers, "user")?)?;
    Some(db.accounts.openid(user, &db.order_with_id(prepay_id)?.appid).to_owned())
}

/// The merchant of the order. The first merchant if there is no such order.
fn merchant(app: &AppState, prepay_id: &str) -> Merchant {
    let db = app.database();
    let order = db.order_with_id(prepay_id);
    order.map_or_else(|| db.accounts.first_merchant(), |order| db.merchant_of(order)).clone()
}
