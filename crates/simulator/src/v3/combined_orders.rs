//! `/v3/combine-transactions/*`: combined orders, several orders with one payment (wechat-protocol.md, 5.4 and 5.5;
//! the fields are those of pay.weixin.qq.com/docs/merchant/products/combine-payment, 2025-01).

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Answer, Request, V3Error, field_tables, prepay};
use crate::{
    account::{Accounts, EarlyClose, Merchant},
    app_state::AppState,
    clock::{MINUTE, Millis, rfc3339},
    database::Database,
    pay::{CouponKind, Order, TradeState, combined_number, issue, order_key},
};

/// The number of orders in a combined order.
const ORDER_COUNT: std::ops::RangeInclusive<usize> = 2..=10;

pub(super) fn create(app: &AppState, way: &str, request: &Request<'_>) -> Answer {
    let (table, trade_type) = match way {
        "jsapi" => (field_tables::COMBINE_JSAPI, "JSAPI"),
        "native" => (field_tables::COMBINE_NATIVE, "NATIVE"),
        "h5" => (field_tables::COMBINE_H5, "MWEB"),
        _ => (field_tables::COMBINE_APP, "APP"),
    };
    let body = request.json(table)?;
    let now = app.clock.now();
    let mut db = app.database_mut();
    let parts = check(&body, &db.accounts, request.merchant())?;
    let appid = text(&body, "combine_appid");
    let openid = body["combine_payer_info"]["openid"].as_str().map(str::to_owned);
    prepay::check_openid(&db, openid.as_deref(), &appid)?;
    let parameters =
        BTreeMap::from([("way".to_owned(), way.to_owned()), ("body".to_owned(), body.to_string())]);
    let combined_number = combined_number(&text(&body, "combine_out_trade_no"));
    let key = order_key(request.mch_id(), &combined_number);
    if let Some(known) = db.orders.get(&key) {
        prepay::check_known(known, &parameters, now)?;
    } else {
        if parts.iter().any(|part| db.orders.contains_key(&part_key(part))) {
            return Err(prepay::number_used());
        }
        let number = db.orders.len();
        let expires_at = prepay::expiry(&body, now);
        let combined = Order {
            number,
            out_trade_no: combined_number,
            mch_id: request.mch_id().to_owned(),
            appid,
            trade_type: trade_type.to_owned(),
            sign_type: "RSA".to_owned(),
            by_public_key: request.by_public_key,
            openid,
            total_fee: parts.iter().map(total).sum(),
            body: format!("{}等{}笔订单", text(&parts[0], "description"), parts.len()),
            attach: None,
            device_info: body["scene_info"]["device_id"].as_str().map(str::to_owned),
            payer_ip: body["scene_info"]["payer_client_ip"].as_str().map(str::to_owned),
            notify_url: text(&body, "notify_url"),
            request: parameters,
            created_at: now,
            expires_at,
            prepays: Vec::new(),
            closed_at: None,
            payment: None,
            refunds: Vec::new(),
            parts: parts.iter().map(part_key).collect(),
            part_of: None,
            by_code: None,
            partner: None,
        };
        for (number, part) in (number + 1..).zip(&parts) {
            let order = part_of(&combined, number, part);
            db.orders.insert(order.key(), order);
        }
        db.orders.insert(key.clone(), combined);
    }
    let prepay = issue(&mut db, &key, now, request.base_url).ok_or_else(V3Error::busy)?;
    Ok(Some(prepay::reply(way, &prepay)))
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

/// The key of one order of a combined order. It may belong to another merchant than the combined order.
fn part_key(part: &Value) -> String {
    order_key(&text(part, "mchid"), &text(part, "out_trade_no"))
}

fn total(part: &Value) -> i64 {
    part["amount"]["total_amount"].as_i64().unwrap_or_default()
}

/// The checks that the table does not contain.
fn check(body: &Value, accounts: &Accounts, merchant: &Merchant) -> Result<Vec<Value>, V3Error> {
    if body["combine_mchid"] != merchant.mch_id.as_str() {
        return Err(V3Error::field(
            "/combine_mchid",
            &body["combine_mchid"],
            "与Http头Authorization中的mchid不一致",
        ));
    }
    if !merchant.is_bound_to(&text(body, "combine_appid")) {
        return Err(prepay::not_bound());
    }
    let parts = body["sub_orders"].as_array().cloned().unwrap_or_default();
    if !ORDER_COUNT.contains(&parts.len()) {
        return Err(V3Error::field("/sub_orders", &body["sub_orders"], "子单条数不合规则"));
    }
    if let Some(at) = parts.iter().position(|part| accounts.merchant(&text(part, "mchid")).is_none()) {
        let field = format!("/sub_orders/{at}/mchid");
        return Err(V3Error::field(&field, &parts[at]["mchid"], "子单商户号不存在"));
    }
    let numbers: BTreeSet<String> = parts.iter().map(part_key).collect();
    if numbers.len() < parts.len() {
        return Err(V3Error::field("/sub_orders", &body["sub_orders"], "子单商户订单号重复"));
    }
    Ok(parts)
}

/// One order of a combined order. Apart from its payment, it is a normal order.
fn part_of(combined: &Order, number: usize, part: &Value) -> Order {
    Order {
        number,
        out_trade_no: text(part, "out_trade_no"),
        mch_id: text(part, "mchid"),
        total_fee: total(part),
        body: text(part, "description"),
        attach: part["attach"].as_str().map(str::to_owned),
        request: BTreeMap::new(),
        parts: Vec::new(),
        part_of: Some(combined.key()),
        ..combined.clone()
    }
}

fn known(db: &Database, number: &str, request: &Request<'_>) -> Result<Order, V3Error> {
    db.order(request.mch_id(), &combined_number(number)).cloned().ok_or_else(V3Error::no_order)
}

pub(super) fn query(app: &AppState, number: &str, request: &Request<'_>) -> Answer {
    let db = app.database();
    let order = known(&db, number, request)?;
    let mut body_json = transaction(&db, &order, app.clock.now());
    if let Some(payment) = &order.payment {
        body_json["combine_transaction_id"] = payment.transaction_id.as_str().into();
    }
    Ok(Some(body_json))
}

pub(super) fn close(app: &AppState, number: &str, request: &Request<'_>) -> Answer {
    let body = request.json(field_tables::COMBINE_CLOSE)?;
    let now = app.clock.now();
    let early_close = app.settings().early_close;
    let mut db = app.database_mut();
    let order = known(&db, number, request)?;
    if text(&body, "combine_appid") != order.appid {
        return Err(V3Error::field("/combine_appid", &body["combine_appid"], "与下单时不一致"));
    }
    let parts = body["sub_orders"].as_array().map(Vec::as_slice).unwrap_or_default();
    let numbers: BTreeSet<String> = parts.iter().map(part_key).collect();
    if !numbers.iter().eq(order.parts.iter().collect::<BTreeSet<_>>()) {
        return Err(V3Error::field("/sub_orders", &body["sub_orders"], "子单信息与下单时不一致"));
    }
    let bad =
        |code, message: &str, internal| Err(V3Error::new(StatusCode::BAD_REQUEST, code, message, internal));
    match order.state(now) {
        TradeState::NotPay if early_close == EarlyClose::Refuse && now < order.created_at + 5 * MINUTE => {
            bad("INVALID_REQUEST", "订单生成后不能马上调用关单接口，最短调用时间间隔为5分钟", 268_449_641)
        }
        TradeState::NotPay => {
            for key in order.parts.iter().chain([&order.key()]) {
                if let Some(order) = db.orders.get_mut(key) {
                    order.closed_at = Some(now);
                }
            }
            Ok(None)
        }
        // the call may be repeated
        TradeState::Closed => Ok(None),
        _ => bad("ORDER_PAID", "该订单已支付", 268_498_689),
    }
}

/// The content of a query and of a notification.
pub(crate) fn transaction(db: &Database, order: &Order, now: Millis) -> Value {
    let parts = order.parts.iter().filter_map(|key| db.orders.get(key));
    let mut body_json = json!({
        "combine_appid": order.appid,
        "combine_mchid": order.mch_id,
        "combine_out_trade_no": order.combine_out_trade_no(),
        "sub_orders": parts.map(|part| sub_order(part, now)).collect::<Vec<_>>(),
    });
    if let Some(device) = &order.device_info {
        body_json["scene_info"] = json!({ "device_id": device });
    }
    if let Some(payment) = &order.payment {
        body_json["combine_payer_info"] = json!({ "openid": payment.openid });
    }
    body_json
}

fn sub_order(order: &Order, now: Millis) -> Value {
    let mut body_json = json!({
        "mchid": order.mch_id,
        "out_trade_no": order.out_trade_no,
        "trade_type": order.trade_type,
        "trade_state": order.state(now).as_str(),
        "attach": order.attach.as_deref().unwrap_or_default(),
        "amount": { "total_amount": order.total_fee, "currency": "CNY" },
    });
    let Some(payment) = &order.payment else { return body_json };
    body_json["transaction_id"] = payment.transaction_id.as_str().into();
    body_json["bank_type"] = payment.bank_type.as_str().into();
    body_json["success_time"] = rfc3339(payment.paid_at).into();
    body_json["amount"]["payer_amount"] = (order.total_fee - payment.coupon_fee()).into();
    body_json["amount"]["payer_currency"] = "CNY".into();
    if let Some(coupon) = &payment.coupon {
        let kind = if coupon.kind == CouponKind::Cash { "CASH" } else { "NOCASH" };
        body_json["promotion_detail"] = json!([{ "coupon_id": coupon.coupon_id, "scope": "GLOBAL", "type": kind,
            "amount": coupon.fee, "currency": "CNY" }]);
    }
    body_json
}
