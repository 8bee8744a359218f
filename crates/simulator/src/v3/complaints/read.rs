//! Lists complaints, and reads a complaint or its negotiation.

use serde_json::{Value, json};

use super::{super::V3Error, Answer, PICTURES, Request, complained_mch_id, find_complaint};
use crate::{
    app_state::AppState,
    clock::{self, Millis, rfc3339},
    complaints::{Complaint, Entry},
    database::Database,
    pay::{Order, RefundStatus},
};

/// The largest number of days between the first and the last day of a list.
const MAX_DAYS: i64 = 30;

const MAX_LIMIT: usize = 50;

const DEFAULT_LIMIT: usize = 10;

pub(super) fn list(app: &AppState, request: &Request<'_>) -> Answer {
    let day = |name: &str| {
        let text = request.query.get(name).ok_or_else(|| V3Error::param(format!("缺少参数{name}")))?;
        clock::parse_day("%Y-%m-%d", text).ok_or_else(|| V3Error::param(format!("{name}参数格式错误")))
    };
    let (begin, end) = (day("begin_date")?, day("end_date")?);
    if end < begin || end - begin > MAX_DAYS {
        return Err(V3Error::param("查询时间跨度不得超过30天"));
    }
    let asked = request.query.get("complainted_mchid");
    let is_ours = |number: &str| {
        number == request.mch_id() || request.merchant().sub_merchants.iter().any(|sub| sub.mch_id == number)
    };
    if asked.is_some_and(|number| !is_ours(number)) {
        return Err(V3Error::param("complainted_mchid与商户号不一致"));
    }
    let (limit, offset) = page(request)?;
    let now = app.clock.now();
    let db = app.database();
    let mut found: Vec<&Complaint> = db
        .complaints
        .values()
        .filter(|each| each.mch_id == request.mch_id())
        .filter(|each| asked.is_none_or(|number| number == complained_mch_id(&db, each)))
        .filter(|each| (begin..=end).contains(&clock::day(each.created_at)))
        .collect();
    found.sort_unstable_by_key(|each| (std::cmp::Reverse(each.created_at), &each.complaint_id));
    let total = found.len();
    let rows: Vec<Value> = found
        .into_iter()
        .skip(offset)
        .take(limit)
        .map(|each| complaint(&db, each, request, now))
        .collect::<Result<_, _>>()?;
    Ok(Some(json!({ "data": rows, "limit": limit, "offset": offset, "total_count": total })))
}

pub(super) fn detail(app: &AppState, id: &str, request: &Request<'_>) -> Answer {
    let db = app.database();
    let known = find_complaint(&db, id, request)?;
    complaint(&db, known, request, app.clock.now()).map(Some)
}

pub(super) fn history(app: &AppState, id: &str, request: &Request<'_>) -> Answer {
    let (limit, offset) = page(request)?;
    let db = app.database();
    let known = find_complaint(&db, id, request)?;
    let all = known.history.iter().rev().skip(offset).take(limit);
    let rows: Vec<Value> = all.map(|each| entry(each, request)).collect();
    let total = known.history.len();
    Ok(Some(json!({ "data": rows, "limit": limit, "offset": offset, "total_count": total })))
}

fn page(request: &Request<'_>) -> Result<(usize, usize), V3Error> {
    let number = |name: &str, default: usize| match request.query.get(name) {
        Some(text) => text.parse().map_err(|_| V3Error::param(format!("{name}参数格式错误"))),
        None => Ok(default),
    };
    let (limit, offset) = (number("limit", DEFAULT_LIMIT)?, number("offset", 0)?);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(V3Error::param("limit参数超出范围"));
    }
    Ok((limit, offset))
}

fn addresses(pictures: &[String], request: &Request<'_>) -> Vec<String> {
    pictures.iter().map(|id| request.base_url.url(&format!("{PICTURES}{id}"))).collect()
}

fn complaint(db: &Database, known: &Complaint, request: &Request<'_>, now: Millis) -> Result<Value, V3Error> {
    let order = db.orders.get(&known.order);
    let phone = request.active.signer.encrypt_for_merchant(&known.phone).ok_or_else(V3Error::busy)?;
    let mut row = json!({
        "complaint_id": known.complaint_id,
        "complaint_time": rfc3339(known.created_at),
        "complaint_detail": known.detail,
        "complaint_state": known.state(order, now).as_str(),
        "complainted_mchid": complained_mch_id(db, known),
        "payer_phone": phone,
        "payer_openid": known.openid,
        "complaint_order_info": order.map(about).into_iter().collect::<Vec<_>>(),
        "complaint_full_refunded": order.is_some_and(|order| is_fully_refunded(order, now)),
        "incoming_user_response": known.unanswered,
        "user_complaint_times": known.times,
        "problem_description": known.problem_type.description(),
        "problem_type": known.problem_type.as_str(),
        "user_tag_list": ["TRUSTED"],
        "in_platform_service": false,
        "need_immediate_service": false,
    });
    if !known.pictures.is_empty() {
        row["complaint_media_list"] = json!([{
            "media_type": "USER_COMPLAINT_IMAGE",
            "media_url": addresses(&known.pictures, request),
        }]);
    }
    if let Some(fee) = known.apply_refund_amount {
        row["apply_refund_amount"] = fee.into();
    }
    Ok(row)
}

fn about(order: &Order) -> Value {
    json!({
        "transaction_id": order.payment.as_ref().map(|payment| &payment.transaction_id),
        "out_trade_no": order.out_trade_no,
        "amount": order.total_fee,
    })
}

fn is_fully_refunded(order: &Order, now: Millis) -> bool {
    let arrived = order.refunds.iter().filter(|refund| refund.status(now) == RefundStatus::Success);
    arrived.map(|refund| refund.refund_fee).sum::<i64>() == order.total_fee
}

fn entry(entry: &Entry, request: &Request<'_>) -> Value {
    let mut row = json!({
        "log_id": entry.log_id,
        "operator": entry.kind.operator(),
        "operate_time": rfc3339(entry.at),
        "operate_type": entry.kind.as_str(),
        "operate_details": entry.text,
        "image_list": [],
    });
    if !entry.pictures.is_empty() {
        let addresses = addresses(&entry.pictures, request);
        row["complaint_media_list"] = json!({ "media_type": "OPERATION_IMAGE", "media_url": addresses });
    }
    row
}
