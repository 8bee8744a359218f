//! `/v3/merchant-service/…`: complaints of shoppers (wechat-protocol-2.md, 8).

mod answer;
mod notification_url;
mod picture;
mod read;

use axum::http::StatusCode;

pub(super) use picture::download;

use super::{Answer, Request, V3Error};
use crate::{
    app_state::AppState,
    complaints::{Complaint, ComplaintState},
    database::Database,
};

/// The path of the pictures.
pub(super) const PICTURES: &str = "/v3/merchant-service/images/";

/// The calls below `/v3/merchant-service`. None for another path.
pub(super) fn call(app: &AppState, method: &str, parts: &[&str], request: &Request<'_>) -> Option<Answer> {
    Some(match (method, parts) {
        ("GET", ["complaint-notifications"]) => notification_url::show(app, request),
        ("POST", ["complaint-notifications"]) => notification_url::create(app, request),
        ("PUT", ["complaint-notifications"]) => notification_url::update(app, request),
        ("DELETE", ["complaint-notifications"]) => notification_url::delete(app, request),
        ("GET", ["complaints-v2"]) => read::list(app, request),
        ("GET", ["complaints-v2", id]) => read::detail(app, id, request),
        ("GET", ["complaints-v2", id, "negotiation-historys"]) => read::history(app, id, request),
        ("POST", ["complaints-v2", id, "response"]) => answer::respond(app, id, request),
        ("POST", ["complaints-v2", id, "complete"]) => answer::complete(app, id, request),
        ("POST", ["complaints-v2", id, "update-refund-progress"]) => {
            answer::update_refund_progress(app, id, request)
        }
        _ => return None,
    })
}

/// 400 `INVALID_REQUEST`.
fn invalid(message: &str) -> V3Error {
    V3Error::new(StatusCode::BAD_REQUEST, "INVALID_REQUEST", message, 268_435_464)
}

/// The merchant's complaint with this number.
fn of_merchant<'a>(
    db: &'a Database,
    complaint_id: &str,
    request: &Request<'_>,
) -> Result<&'a Complaint, V3Error> {
    let known = db.complaints.get(complaint_id).filter(|each| each.mch_id == request.mch_id());
    known.ok_or_else(|| invalid("投诉单不存在"))
}

/// Checks that a complaint of the merchant has not ended.
fn open(app: &AppState, db: &Database, complaint_id: &str, request: &Request<'_>) -> Result<(), V3Error> {
    let complaint = of_merchant(db, complaint_id, request)?;
    match complaint.state(db.orders.get(&complaint.order), app.clock.now()) {
        ComplaintState::Processed => Err(invalid("投诉单已处理完成，不支持该操作")),
        ComplaintState::Pending | ComplaintState::Processing => Ok(()),
    }
}
