//! `POST /pay/unifiedorder` (wechat-protocol.md, 4.2).

use std::collections::BTreeMap;

use serde_json::Value;
use wechat::wire::Fields;

use super::{Order, Refusal, Request, TradeState, order::Prepay};
use crate::{
    account::ShortExpiry,
    app_state::AppState,
    base_url::BaseUrl,
    clock::{self, MINUTE, Millis},
    database::Database,
    random,
};

/// The earliest `time_expire` in the older documents. Newer documents extend an earlier one to this time.
const MIN_EXPIRY: Millis = 5 * MINUTE;
const ADJUSTED_EXPIRY: Millis = MINUTE;

pub(super) fn call(app: &AppState, request: &Request) -> Result<Fields, Refusal> {
    let now = app.clock.now();
    check_trade_type(request)?;
    let (payers_appid, openid) = request.payer()?;
    let expires_at = expiry(app, request, now)?;
    let mut db = app.database_mut();
    check_openid(&db, request)?;
    let parameters = parameters(request);
    let out_trade_no = request.required("out_trade_no").to_owned();
    let key = request.order_key(&out_trade_no);
    match db.orders.get(&key) {
        None => {}
        Some(order) => match order.state(now) {
            TradeState::Success | TradeState::Refund => {
                return Err(Refusal::Business("ORDERPAID", "该订单已支付"));
            }
            TradeState::Closed => return Err(Refusal::Business("ORDERCLOSED", "该订单已关闭")),
            TradeState::UserPaying | TradeState::PayError | TradeState::Revoked => {
                return Err(Refusal::Business("OUT_TRADE_NO_USED", "商户订单号重复"));
            }
            TradeState::NotPay if order.request != parameters => {
                return Err(Refusal::Business("INVALID_REQUEST", "201 商户订单号重复"));
            }
            TradeState::NotPay => return Ok(reply(&mut db, &key, now, &request.base_url)),
        },
    }
    if expires_at.is_some_and(|expires_at| expires_at <= now) {
        return Err(TOO_SHORT);
    }
    let order = Order {
        number: db.orders.len(),
        out_trade_no,
        mch_id: request.mch_id().to_owned(),
        appid: payers_appid.to_owned(),
        trade_type: request.required("trade_type").to_owned(),
        sign_type: request.sign_type.as_str().to_owned(),
        by_public_key: false,
        openid: openid.map(str::to_owned),
        total_fee: request.required("total_fee").parse().map_err(|_| format_error("total_fee"))?,
        body: request.required("body").to_owned(),
        attach: request.owned("attach"),
        device_info: request.owned("device_info"),
        payer_ip: request.owned("spbill_create_ip"),
        notify_url: request.required("notify_url").to_owned(),
        request: parameters,
        created_at: now,
        expires_at,
        prepays: Vec::new(),
        closed_at: None,
        payment: None,
        refunds: Vec::new(),
        parts: Vec::new(),
        part_of: None,
        by_code: None,
        partner: request.partner.clone(),
    };
    db.orders.insert(key.clone(), order);
    Ok(reply(&mut db, &key, now, &request.base_url))
}

const TOO_SHORT: Refusal =
    Refusal::Business("INVALID_REQUEST", "time_expire时间过短，刷卡至少1分钟，其他5分钟");

fn format_error(name: &str) -> Refusal {
    Refusal::Communication(format!("{name}参数格式错误"))
}

pub(super) fn parameters(request: &Request) -> BTreeMap<String, String> {
    let sent = request
        .fields
        .iter()
        .filter(|(name, value)| *name != "nonce_str" && *name != "sign" && !value.is_empty());
    sent.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Checks the fields that each `trade_type` requires.
fn check_trade_type(request: &Request) -> Result<(), Refusal> {
    let missing = |message: &str| Err(Refusal::Communication(message.to_owned()));
    match request.required("trade_type") {
        "JSAPI" if ["openid", "sub_openid"].iter().all(|name| request.get(name).is_none()) => {
            missing("JSAPI支付必须传openid")
        }
        "NATIVE" if request.get("product_id").is_none() => missing("缺少参数product_id"),
        "MWEB" => match request.get("scene_info") {
            None => missing("缺少参数scene_info"),
            Some(scene) if !has_h5_info(scene) => Err(format_error("scene_info")),
            Some(_) => Ok(()),
        },
        _ => Ok(()),
    }
}

fn has_h5_info(scene: &str) -> bool {
    let Ok(scene) = serde_json::from_str::<Value>(scene) else { return false };
    let info = &scene["h5_info"];
    let filled = |name: &str| info[name].as_str().is_some_and(|value| !value.is_empty());
    match info["type"].as_str() {
        Some("Wap") => filled("wap_url") && filled("wap_name"),
        Some("IOS") => filled("app_name") && filled("bundle_id"),
        Some("Android") => filled("app_name") && filled("package_name"),
        _ => false,
    }
}

/// Checks that the payer is a user of the account that the order names.
fn check_openid(db: &Database, request: &Request) -> Result<(), Refusal> {
    for (openid, appid, message) in [
        ("openid", "appid", "appid和openid不匹配"),
        ("sub_openid", "sub_appid", "sub_appid和sub_openid不匹配"),
    ] {
        let Some(openid) = request.get(openid) else { continue };
        if !is_user_of(db, openid, request.get(appid).unwrap_or_default()) {
            return Err(Refusal::Business("PARAM_ERROR", message));
        }
    }
    Ok(())
}

pub(crate) fn is_user_of(db: &Database, openid: &str, appid: &str) -> bool {
    db.users.iter().any(|user| openid == db.accounts.openid(user, appid))
}

/// When the order expires, on the simulator's clock.
///
/// The shop writes `time_expire` with the real time, so the remaining time is measured with the real clock.
fn expiry(app: &AppState, request: &Request, now: Millis) -> Result<Option<Millis>, Refusal> {
    let Some(expire) = request.get("time_expire").and_then(clock::parse_v2_time) else { return Ok(None) };
    let real_now = clock::real_now();
    let start = request.get("time_start").and_then(clock::parse_v2_time);
    // the times have whole seconds, and the request took some time to arrive
    let since = start.unwrap_or(real_now - 10 * clock::SECOND);
    let left = expire - real_now;
    let replayed = app.database().orders.contains_key(&request.order_key(request.required("out_trade_no")));
    match app.settings().short_expiry {
        ShortExpiry::Refuse if expire - since < MIN_EXPIRY && !replayed => Err(TOO_SHORT),
        ShortExpiry::Refuse => Ok(Some(now + left)),
        ShortExpiry::Adjust => Ok(Some(now + left.max(ADJUSTED_EXPIRY))),
    }
}

/// The response with a new `prepay_id`.
fn reply(db: &mut Database, key: &str, now: Millis, base_url: &BaseUrl) -> Fields {
    let Some(order) = db.orders.get(key) else { return Fields::new() };
    let trade_type = order.trade_type.clone();
    let Some(prepay) = issue(db, key, now, base_url) else { return Fields::new() };
    let mut reply = Fields::new().with("trade_type", trade_type).with("prepay_id", prepay.prepay_id.as_str());
    for (name, value) in [("code_url", &prepay.code_url), ("mweb_url", &prepay.mweb_url)] {
        if let Some(value) = value {
            reply.set(name, value.as_str());
        }
    }
    reply
}

/// A new `prepay_id` for the order.
pub(crate) fn issue(db: &mut Database, key: &str, now: Millis, base_url: &BaseUrl) -> Option<Prepay> {
    let order = db.orders.get_mut(key)?;
    let prepay = prepay(&order.trade_type, now, base_url.cashier());
    // the QR code of an earlier call is not valid any more
    let earlier: Vec<String> = order.prepays.iter().filter_map(|prepay| prepay.code_url.clone()).collect();
    order.prepays.push(prepay.clone());
    for code_url in earlier {
        db.order_of.remove(&code_url);
    }
    let names = [Some(&prepay.prepay_id), prepay.code_url.as_ref(), prepay.mweb_url.as_ref()];
    for name in names.into_iter().flatten() {
        db.order_of.insert(name.clone(), key.to_owned());
    }
    Some(prepay)
}

fn prepay(trade_type: &str, now: Millis, cashier: &str) -> Prepay {
    let prepay_id = format!("wx{}{}", clock::v2_time(now), random::hex(20));
    let code_url = format!("weixin://wxpay/bizpayurl?pr={}", random::alphanumeric(7));
    let mweb_url = format!(
        "{cashier}/cgi-bin/mmpayweb-bin/checkmweb?prepay_id={prepay_id}&package={}",
        random::digits(10)
    );
    Prepay {
        prepay_id,
        issued_at: now,
        code_url: (trade_type == "NATIVE").then_some(code_url),
        mweb_url: (trade_type == "MWEB").then_some(mweb_url),
        opened_by: None,
    }
}
