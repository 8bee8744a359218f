//! `/v3/merchant-service/…`: complaints of shoppers (wechat-protocol-2.md, 8).

mod answer;
mod notification_url;
mod picture;
mod read;

use axum::http::{Method, StatusCode};

use super::{
    Answer, Request, V3Error,
    calls::{Handler, get, post},
};
use crate::{
    app_state::AppState,
    complaints::{Complaint, ComplaintState},
    database::Database,
};

/// The beginning of the path of a picture.
const PICTURES: &str = "/v3/merchant-service/images/";

/// The calls below `/v3/merchant-service` with their methods. Empty for another path.
pub(super) fn calls_of<'a>(path: &'a [&'a str]) -> Vec<(Method, Handler<'a>)> {
    match path {
        ["complaint-notifications"] => vec![
            get(notification_url::show),
            post(notification_url::create),
            (Method::PUT, Handler::json(notification_url::update)),
            (Method::DELETE, Handler::json(notification_url::delete)),
        ],
        ["complaints-v2"] => vec![get(read::list)],
        ["complaints-v2", id] => vec![get(move |app, request| read::detail(app, id, request))],
        ["complaints-v2", id, "negotiation-historys"] => {
            vec![get(move |app, request| read::history(app, id, request))]
        }
        ["complaints-v2", id, "response"] => {
            vec![post(move |app, request| answer::respond(app, id, request))]
        }
        ["complaints-v2", id, "complete"] => {
            vec![post(move |app, request| answer::complete(app, id, request))]
        }
        ["complaints-v2", id, "update-refund-progress"] => {
            vec![post(move |app, request| answer::update_refund_progress(app, id, request))]
        }
        ["images", _] => vec![(Method::GET, Handler::Bytes(picture::download))],
        _ => Vec::new(),
    }
}

/// 400 `INVALID_REQUEST`, with the last part of its `Request-ID`.
fn invalid(message: &str) -> V3Error {
    V3Error::new(StatusCode::BAD_REQUEST, "INVALID_REQUEST", message, 268_435_464)
}

/// The number of the merchant in the complaint: the sub-merchant if a provider took the payment, otherwise the merchant
/// itself.
fn complained_mch_id<'a>(db: &'a Database, complaint: &'a Complaint) -> &'a str {
    let order = db.orders.get(&complaint.order);
    let partner = order.and_then(|order| order.partner.as_ref());
    partner.map_or(&complaint.mch_id, |partner| &partner.sub_mch_id)
}

/// The merchant's complaint with this number.
fn find_complaint<'a>(
    db: &'a Database,
    complaint_id: &str,
    request: &Request<'_>,
) -> Result<&'a Complaint, V3Error> {
    let known = db.complaints.get(complaint_id).filter(|each| each.mch_id == request.mch_id());
    known.ok_or_else(|| invalid("投诉单不存在"))
}

/// Checks that a complaint of the merchant has not ended.
fn check_open(
    app: &AppState,
    db: &Database,
    complaint_id: &str,
    request: &Request<'_>,
) -> Result<(), V3Error> {
    let complaint = find_complaint(db, complaint_id, request)?;
    match complaint.state(db.orders.get(&complaint.order), app.clock.now()) {
        ComplaintState::Processed => Err(invalid("投诉单已处理完成，不支持该操作")),
        ComplaintState::Pending | ComplaintState::Processing => Ok(()),
    }
}
