//! The merchant's answers to a complaint: a reply, the end, and the progress of the refund.

use serde_json::Value;

use super::{
    super::{V3Error, field_tables},
    Answer, Request, check_open, complained_mch_id, find_complaint, invalid,
};
use crate::{
    app_state::AppState,
    complaints::{Complaint, ComplaintState, EntryKind, ProblemType, RefundDecision},
    notify,
};

/// The largest length of a reply, in characters.
const MAX_REPLY: usize = 200;

pub(super) fn respond(app: &AppState, id: &str, request: &Request<'_>) -> Answer {
    let body = request.json(field_tables::COMPLAINT_RESPONSE)?;
    check_merchant(app, id, &body, request)?;
    let text = body["response_content"].as_str().unwrap_or_default();
    if text.chars().count() > MAX_REPLY {
        return Err(V3Error::field("/response_content", &body["response_content"], "字符串长度不合规则"));
    }
    if body["jump_url"].is_null() != body["jump_url_text"].is_null() {
        return Err(V3Error::param("jump_url和jump_url_text需要同时填写"));
    }
    if body["response_images"].as_array().is_some_and(|images| images.len() > 4) {
        return Err(V3Error::field("/response_images", &body["response_images"], "数量超出范围"));
    }
    change(app, id, request, "MERCHANT_RESPONSE", |complaint, now| {
        complaint.add(EntryKind::MerchantResponse, text, Vec::new(), now);
        complaint.state = ComplaintState::Processing;
        complaint.unanswered = false;
    })
}

pub(super) fn complete(app: &AppState, id: &str, request: &Request<'_>) -> Answer {
    let body = request.json(field_tables::COMPLAINT_COMPLETE)?;
    check_merchant(app, id, &body, request)?;
    change(app, id, request, "MERCHANT_CONFIRM_COMPLETE", |complaint, now| {
        complaint.add(EntryKind::MerchantConfirmComplete, "商户已处理完成", Vec::new(), now);
        complaint.state = ComplaintState::Processed;
        complaint.unanswered = false;
    })
}

pub(super) fn update_refund_progress(app: &AppState, id: &str, request: &Request<'_>) -> Answer {
    let body = request.json(field_tables::COMPLAINT_REFUND_PROGRESS)?;
    if find_complaint(&app.database(), id, request)?.problem_type != ProblemType::Refund {
        return Err(invalid("投诉单的问题类型不是申请退款"));
    }
    let (day, reason) = (&body["launch_refund_day"], body["reject_reason"].as_str());
    match (body["action"].as_str(), reason) {
        (Some("APPROVE"), None) if !day.is_null() => {
            change(app, id, request, "MERCHANT_APPROVE_REFUND", |complaint, now| {
                complaint.add(EntryKind::MerchantApproveRefund, "商户同意退款", Vec::new(), now);
                complaint.state = ComplaintState::Processing;
                complaint.refund = Some((RefundDecision::Approved, now));
                complaint.unanswered = false;
            })
        }
        (Some("REJECT"), Some(reason)) if day.is_null() => {
            change(app, id, request, "MERCHANT_REJECT_REFUND", |complaint, now| {
                complaint.add(EntryKind::MerchantRefuseRefund, reason, Vec::new(), now);
                complaint.state = ComplaintState::Processed;
                complaint.refund = Some((RefundDecision::Rejected, now));
                complaint.unanswered = false;
            })
        }
        _ => Err(V3Error::param("APPROVE需要launch_refund_day，REJECT需要reject_reason")),
    }
}

fn check_merchant(app: &AppState, id: &str, body: &Value, request: &Request<'_>) -> Result<(), V3Error> {
    let db = app.database();
    let complaint = find_complaint(&db, id, request)?;
    if body["complainted_mchid"].as_str() == Some(complained_mch_id(&db, complaint)) {
        return Ok(());
    }
    Err(V3Error::field("/complainted_mchid", &body["complainted_mchid"], "与商户号不一致"))
}

/// Changes an open complaint, and notifies the merchant about it.
fn change(
    app: &AppState,
    id: &str,
    request: &Request<'_>,
    action: &str,
    change: impl FnOnce(&mut Complaint, crate::clock::Millis),
) -> Answer {
    let now = app.clock.now();
    let mut db = app.database_mut();
    check_open(app, &db, id, request)?;
    if let Some(complaint) = db.complaints.get_mut(id) {
        change(complaint, now);
    }
    notify::enqueue_complaint(&mut db, id, action, now, now);
    drop(db);
    app.delivery_wakeup.notify_one();
    Ok(None)
}
