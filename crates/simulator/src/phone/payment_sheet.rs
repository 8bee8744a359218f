//! `getBrandWCPayRequest`: the checks of the client and of WeChat Pay before the payment sheet opens.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use wechat::wire::{
    Fields,
    sign::{self, SignType},
};

use super::{
    bridge::{Answer, Call},
    page_config,
    phone_user::PhoneUser,
};
use crate::{
    app_state::{AppState, SharedState},
    clock::Millis,
    database::Database,
    diagnosis::{Diagnosis, PaymentSignature, explain_payment},
    merchants::ActiveMerchant,
    pay::{self, Order, PREPAY_LIFETIME, TradeState},
};

const NAME: &str = "get_brand_wcpay_request";

/// The content of the payment sheet.
#[derive(Serialize)]
pub(super) struct PaymentSheet {
    pub(super) prepay_id: String,
    pub(super) merchant: String,
    pub(super) body: String,
    /// The amount in yuan, with two decimal places.
    pub(super) amount: String,
}

pub(super) fn ask(app: &AppState, phone_user: &PhoneUser, call: &Call) -> Answer {
    if call.is_by_sdk() && !page_config::is_granted(app, &call.document, "getBrandWCPayRequest") {
        return Answer::message(NAME, "fail, the permission value is offline verifying");
    }
    let active = merchant_of_order(app, &call.args);
    if !app.settings().allows_payment_at(&active.merchant, &call.url) {
        return refused("当前页面的URL未注册");
    }
    match check(app, phone_user, &call.args) {
        Ok(sheet) => Answer { sheet: Some(sheet), ..Answer::default() },
        Err(why) => Answer { diagnosis: diagnosis(app, &call.args), ..refused(why) },
    }
}

fn refused(why: &'static str) -> Answer {
    let reply = json!({ "err_msg": format!("{NAME}:fail"), "err_desc": why });
    Answer { reply, alert: Some(why), ..Answer::default() }
}

pub(super) fn check(
    app: &AppState,
    phone_user: &PhoneUser,
    args: &Value,
) -> Result<PaymentSheet, &'static str> {
    // a number counts as a missing text, as on iPhones
    let text = |name: &str| args[name].as_str().filter(|value| !value.is_empty());
    let appid = text("appId").ok_or("调用支付JSAPI缺少参数: appId")?;
    let time = text("timeStamp").ok_or("调用支付JSAPI缺少参数: timeStamp")?;
    let nonce = text("nonceStr").ok_or("调用支付JSAPI缺少参数: nonceStr")?;
    let package = text("package").ok_or("调用支付JSAPI缺少参数: package")?;
    let sign_type = text("signType").ok_or("调用支付JSAPI缺少参数: signType")?;
    let sign = text("paySign").ok_or("调用支付JSAPI缺少参数: paySign")?;
    let prepay_id = package
        .strip_prefix("prepay_id=")
        .filter(|prepay_id| !prepay_id.is_empty())
        .ok_or("调用支付JSAPI缺少参数: package")?;
    let now = app.clock.now();
    let active = merchant_of_order(app, args);
    let db = app.database();
    let order = order_of(&db, prepay_id, now)
        .filter(|order| order.appid == appid)
        .ok_or("调用支付JSAPI缺少参数: total_fee")?;
    if order.trade_type != "JSAPI" {
        return Err("支付场景非法");
    }
    let signed = if order.is_v3() {
        active.signer.verifies_payment(appid, time, nonce, package, sign)
    } else {
        let signed = Fields::new()
            .with("appId", appid)
            .with("timeStamp", time)
            .with("nonceStr", nonce)
            .with("package", package)
            .with("signType", sign_type);
        is_signed(signed.with("sign", sign), &active.merchant.api_v2_key, sign_type)
    };
    if sign_type != order.sign_type || !signed {
        return Err("支付验证签名失败");
    }
    sheet(&db, phone_user, order, prepay_id, now)
}

/// The mistake in the parameters of a payment or in their signature.
pub(super) fn diagnosis(app: &AppState, args: &Value) -> Option<Diagnosis> {
    let sign_type =
        order_of(&app.database(), prepay_id(args), app.clock.now()).map(|order| order.sign_type.clone());
    let (merchants, active) = (app.merchants(), merchant_of_order(app, args));
    explain_payment(&PaymentSignature {
        args: args.clone(),
        sign_type,
        appids: merchants.appids.clone(),
        keys: active.known_keys.clone(),
        certificate: active.signer.merchant_numbers.clone(),
        other_certificates: merchants
            .others(&active.merchant.mch_id)
            .map(|other| other.signer.merchant_numbers.clone())
            .collect(),
    })
}

fn prepay_id(args: &Value) -> &str {
    args["package"].as_str().unwrap_or_default().trim_start_matches("prepay_id=")
}

/// The merchant of the order that the parameters name. The first merchant if there is no such order.
fn merchant_of_order(app: &AppState, args: &Value) -> Arc<ActiveMerchant> {
    let mch_id = app.database().order_with_id(prepay_id(args)).map(|order| order.mch_id.clone());
    let merchants = app.merchants();
    mch_id.and_then(|mch_id| merchants.get(&mch_id)).unwrap_or_else(|| merchants.first())
}

/// The payment sheet of an order, if the user of this phone can pay it.
pub(super) fn sheet(
    db: &Database,
    phone_user: &PhoneUser,
    order: &Order,
    prepay_id: &str,
    now: Millis,
) -> Result<PaymentSheet, &'static str> {
    match order.state(now) {
        TradeState::NotPay => {}
        TradeState::Success | TradeState::Refund => return Err("该订单已支付"),
        _ => return Err("该订单已失效"),
    }
    let payer = db.user(&phone_user.openid);
    let same = |openid: &String| payer.is_some_and(|payer| payer.is(openid));
    if !order.openid.as_ref().is_some_and(same) {
        return Err("下单账号与支付账号不一致");
    }
    Ok(PaymentSheet {
        prepay_id: prepay_id.to_owned(),
        merchant: db.merchant_of(order).name.clone(),
        body: order.body.clone(),
        amount: format!("{}.{:02}", order.total_fee / 100, order.total_fee % 100),
    })
}

fn is_signed(fields: Fields, key: &str, sign_type: &str) -> bool {
    sign_type.parse::<SignType>().is_ok_and(|sign_type| sign::verify(&fields, key, sign_type))
}

/// The order of a `prepay_id` that has not expired.
pub(super) fn order_of<'a>(db: &'a Database, prepay_id: &str, now: Millis) -> Option<&'a Order> {
    let order = db.order_with_id(prepay_id)?;
    let prepay = order.prepays.iter().find(|prepay| prepay.prepay_id == prepay_id)?;
    (now < prepay.issued_at + PREPAY_LIFETIME).then_some(order)
}

/// `POST /_phone/pay`: a button of the payment sheet.
#[derive(Deserialize)]
pub(super) struct SheetResult {
    prepay_id: String,
    outcome: Outcome,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    Ok,
    Cancel,
    Fail,
}

pub(super) async fn submit(
    State(app): State<SharedState>,
    headers: HeaderMap,
    Json(result): Json<SheetResult>,
) -> Response {
    let openid = PhoneUser::of(&app, &headers).openid;
    let answer = match result.outcome {
        Outcome::Cancel => Answer::message(NAME, "cancel"),
        Outcome::Fail => Answer::message(NAME, "fail"),
        Outcome::Ok => {
            // the sheet may have been open after the prepay_id expired
            let now = app.clock.now();
            let fresh = {
                let db = app.database();
                order_of(&db, &result.prepay_id, now).map(|order| {
                    let payer =
                        db.user(&openid).map(|user| db.accounts.openid(user, &order.appid).to_owned());
                    (order.key(), payer.unwrap_or(openid))
                })
            };
            let Some((key, payer)) = fresh else {
                return Json(refused("该订单已失效")).into_response();
            };
            match pay::pay(&app, &key, Some(&payer), None) {
                Ok(_) => Answer::message(NAME, "ok"),
                Err(why) => refused(why.message()),
            }
        }
    };
    (StatusCode::OK, Json(answer)).into_response()
}
