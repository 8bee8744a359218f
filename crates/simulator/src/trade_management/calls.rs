//! The calls of `/wxa/sec/order/*` and the list of express companies.

use std::collections::HashSet;

use axum::response::Response;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    delivery::{self, Delivery, EXPRESS},
    refusal,
    upload::{OrderKey, PaymentNumber, ShippingInfo, upload_time},
};
use crate::{
    app_state::SharedState,
    clock::{Millis, SECOND},
    database::Database,
    login::{AccountKind, ApiError, TokenCall},
    pay::{Order, order_key},
    push,
};

/// The companies of this WeChat: id and name. The real list has more than a thousand.
const COMPANIES: &[(&str, &str)] = &[
    ("(AU)", "Interparcel"),
    ("BDT", "八达通"),
    ("DBL", "德邦快递"),
    ("EMS", "EMS"),
    ("HTKY", "百世快递"),
    ("JD", "京东物流"),
    ("JTSD", "极兔速递"),
    ("SF", "顺丰速运"),
    ("STO", "申通快递"),
    ("YD", "韵达速递"),
    ("YTO", "圆通速递"),
    ("YZPY", "邮政快递包裹"),
    ("ZJS", "宅急送"),
    ("ZTO", "中通快递"),
];

#[derive(Deserialize)]
struct Payer {
    openid: Option<String>,
}

#[derive(Deserialize)]
struct Upload {
    #[serde(flatten)]
    shipping: ShippingInfo,
    upload_time: Option<String>,
    payer: Option<Payer>,
}

#[derive(Deserialize)]
struct CombinedUpload {
    order_key: OrderKey,
    sub_orders: Vec<ShippingInfo>,
    upload_time: Option<String>,
    payer: Option<Payer>,
}

/// `get_order` has other names for the numbers than an upload.
#[derive(Deserialize)]
struct OrderQuery {
    transaction_id: Option<String>,
    merchant_id: Option<String>,
    merchant_trade_no: Option<String>,
    received_time: Option<i64>,
}

#[derive(Deserialize)]
struct AppidQuery {
    appid: Option<String>,
}

/// The paid order of this mini program.
fn order<'a>(db: &'a Database, appid: &str, number: &PaymentNumber) -> Result<&'a Order, ApiError> {
    let found = match number {
        PaymentNumber::Transaction(id) => db.order_with_id(id),
        PaymentNumber::Order { mch_id, out_trade_no } => db.order(mch_id, out_trade_no),
    };
    Ok(found
        .filter(|order| order.appid == appid && order.payment.is_some())
        .ok_or(refusal::UNKNOWN_PAYMENT)?)
}

/// Stores a report. Returns the key of the order if this report completes it for the first time.
fn report(
    db: &mut Database,
    appid: &str,
    shipping: ShippingInfo,
    uploaded_at: Millis,
    payer: Option<&str>,
    now: Millis,
) -> Result<Option<String>, ApiError> {
    let number = shipping.order_key.read()?;
    let mut new = shipping.check(uploaded_at)?;
    let order = order(db, appid, &number)?;
    if order.payment.as_ref().map(|payment| &*payment.openid) != payer {
        return Err(refusal::OTHER_PAYER.into());
    }
    let key = order_key(&order.mch_id, &order.out_trade_no);
    let known = db.deliveries.get(&key);
    match delivery::state(order, known, now) {
        1 => {}
        2 => {
            let known = known.expect("a shipped order has a delivery");
            if known.is_same(&new) {
                return Err(refusal::NOT_CHANGED.into());
            }
            if known.is_repeated() {
                return Err(refusal::REPEATED.into());
            }
            if !new.is_complete {
                return Err(refusal::COMPLETE.into());
            }
        }
        _ => return Err(refusal::WRONG_STATE.into()),
    }
    if let Some(known) = known {
        if known.is_same(&new) {
            return Err(refusal::NOT_CHANGED.into());
        }
        if new.uploaded_at <= known.uploaded_at {
            return Err(refusal::UPLOAD_TIME.into());
        }
        if !known.is_complete && known.is_sent_otherwise(&new) {
            if known.is_repeated() {
                return Err(refusal::REPEATED.into());
            }
            new.is_changed = true;
        }
        new.is_changed |= known.is_changed;
        new.completions = known.completions;
        new.shipped_at = known.shipped_at;
    }
    if new.is_complete {
        new.completions += 1;
        new.shipped_at.get_or_insert(now);
    }
    let completed = (new.completions == 1 && new.is_complete).then(|| key.clone());
    db.deliveries.insert(key, new);
    Ok(completed)
}

pub(super) async fn upload_shipping_info(call: TokenCall) -> Response {
    let mut completed = None;
    let response = call.answer(AccountKind::MiniProgram, |db, appid, request: Upload, now| {
        let uploaded_at = upload_time(request.upload_time.as_deref())?;
        let payer = request.payer.and_then(|payer| payer.openid);
        completed = report(db, appid, request.shipping, uploaded_at, payer.as_deref(), now)?;
        Ok(json!({}))
    });
    if let Some(key) = completed {
        push_settlement(&call.app, &key);
    }
    response
}

pub(super) async fn upload_combined_shipping_info(call: TokenCall) -> Response {
    let mut completed = Vec::new();
    let response = call.answer(AccountKind::MiniProgram, |db, appid, request: CombinedUpload, now| {
        request.order_key.read()?;
        let uploaded_at = upload_time(request.upload_time.as_deref())?;
        let payer = request.payer.and_then(|payer| payer.openid);
        let mut numbers = HashSet::new();
        for part in &request.sub_orders {
            if part.order_key.number_type() != request.order_key.number_type() {
                return Err(refusal::OTHER_NUMBER_TYPE.into());
            }
            if !numbers.insert(format!("{:?}", part.order_key.read()?)) {
                return Err(refusal::DUPLICATE_PART.into());
            }
        }
        // an error in one order refuses all orders
        let before = db.deliveries.clone();
        for part in request.sub_orders {
            match report(db, appid, part, uploaded_at, payer.as_deref(), now) {
                Ok(done) => completed.extend(done),
                Err(error) => {
                    db.deliveries = before;
                    completed.clear();
                    return Err(error);
                }
            }
        }
        Ok(json!({}))
    });
    for key in completed {
        push_settlement(&call.app, &key);
    }
    response
}

impl OrderQuery {
    fn number(&self) -> Result<PaymentNumber, ApiError> {
        if let Some(id) = self.transaction_id.as_ref().filter(|id| !id.is_empty()) {
            return Ok(PaymentNumber::Transaction(id.clone()));
        }
        match (&self.merchant_id, &self.merchant_trade_no) {
            (Some(mch_id), Some(out_trade_no)) => {
                Ok(PaymentNumber::Order { mch_id: mch_id.clone(), out_trade_no: out_trade_no.clone() })
            }
            // `mchid` and `out_trade_no` are the names of an upload
            _ => Err(ApiError::DATA_FORMAT),
        }
    }
}

pub(super) async fn get_order(call: TokenCall) -> Response {
    call.answer(AccountKind::MiniProgram, |db, appid, request: OrderQuery, now| {
        let order = order(db, appid, &request.number()?)?;
        let known = db.deliveries.get(&order_key(&order.mch_id, &order.out_trade_no));
        Ok(json!({ "order": delivery::shown(order, known, now) }))
    })
}

pub(super) async fn notify_confirm_receive(call: TokenCall) -> Response {
    call.answer(AccountKind::MiniProgram, |db, appid, request: OrderQuery, now| {
        let order = order(db, appid, &request.number()?)?;
        let (key, paid) = (order_key(&order.mch_id, &order.out_trade_no), order.clone());
        let known = db.deliveries.get_mut(&key).ok_or(refusal::NOT_SHIPPED)?;
        if delivery::state(&paid, Some(known), now) != 2 {
            return Err(refusal::NOT_SHIPPED.into());
        }
        if known.logistics_type != EXPRESS {
            return Err(refusal::NOT_EXPRESS.into());
        }
        // a time in milliseconds would be far in the future
        let received = request.received_time.unwrap_or_default();
        let earliest = known.shipped_at.unwrap_or_default() / SECOND - 1;
        if !(earliest..=now / SECOND + 1).contains(&received) {
            return Err(refusal::RECEIVED_TIME.into());
        }
        if std::mem::replace(&mut known.is_reminded, true) {
            return Err(refusal::REMINDED.into());
        }
        Ok(json!({}))
    })
}

pub(super) async fn is_trade_managed(call: TokenCall) -> Response {
    call.answer(AccountKind::MiniProgram, |_, appid, request: AppidQuery, _| match request.appid {
        Some(asked) if asked == appid => Ok(json!({ "is_trade_managed": true })),
        Some(_) => Err(ApiError::APPID),
        None => Err(ApiError::ARGUMENTS),
    })
}

pub(super) async fn get_delivery_list(call: TokenCall) -> Response {
    call.answer(AccountKind::MiniProgram, |_, _, _: Map<String, Value>, _| {
        let all = COMPANIES.iter().map(|(id, name)| json!({ "delivery_id": id, "delivery_name": name }));
        Ok(json!({ "delivery_list": all.collect::<Vec<_>>(), "count": COMPANIES.len() }))
    })
}

/// The payer confirms the receipt in the mini program. Returns the new state; `None` if the order is not shipped.
pub(crate) fn confirm_receipt(app: &SharedState, out_trade_no: &str) -> Option<i64> {
    let now = app.clock.now();
    let mut db = app.database_mut();
    let order = db.order_named(out_trade_no, None)?.clone();
    let key = order_key(&order.mch_id, &order.out_trade_no);
    let known: &mut Delivery = db.deliveries.get_mut(&key)?;
    if delivery::state(&order, Some(known), now) != 2 {
        return None;
    }
    known.confirmed_at = Some(now);
    let state = delivery::state(&order, Some(known), now);
    drop(db);
    push_settlement(app, &key);
    Some(state)
}

/// Pushes `trade_manage_order_settlement`: once when the delivery is complete, once when the money is settled.
fn push_settlement(app: &SharedState, key: &str) {
    let db = app.database();
    let (Some(order), Some(delivery)) = (db.orders.get(key), db.deliveries.get(key)) else { return };
    let Some(account) = db.accounts.miniprogram(&order.appid).cloned() else { return };
    let payment = order.payment.as_ref();
    let mut message = json!({
        "ToUserName": format!("gh_{}", &order.appid[6..]),
        "FromUserName": "oSystem0WeChat0TradeManagement",
        "CreateTime": app.clock.now() / SECOND,
        "MsgType": "event",
        "Event": "trade_manage_order_settlement",
        "transaction_id": payment.map(|payment| &payment.transaction_id),
        "merchant_id": order.mch_id,
        "merchant_trade_no": order.out_trade_no,
        "pay_time": payment.map(|payment| payment.paid_at / SECOND),
        "shipped_time": delivery.shipped_at.map(|at| at / SECOND),
    });
    match delivery.confirmed_at {
        Some(at) => {
            // developers report that its values mean the reverse of the documents, so a shop must not rely on it
            message["confirm_receive_method"] = 1.into();
            message["confirm_receive_time"] = (at / SECOND).into();
            message["settlement_time"] = (at / SECOND).into();
        }
        None => message["estimated_settlement_time"] = delivery.settles_at().map(|at| at / SECOND).into(),
    }
    drop(db);
    let Value::Object(message) = message else { return };
    let app = SharedState::clone(app);
    tokio::spawn(async move { push::push(&app, &account, true, &message, None).await });
}
