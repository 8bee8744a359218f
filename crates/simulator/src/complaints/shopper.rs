//! What shoppers do: they complain, write, and continue a complaint.

use serde::{Deserialize, Serialize};

use super::{Complaint, ComplaintState, EntryKind, ProblemType, RefundDecision};
use crate::{
    app_state::AppState,
    clock::{Millis, v2_time},
    database::Database,
    notify, random,
};

/// The largest number of pictures of a complaint.
const MAX_PICTURES: usize = 4;

/// A new complaint.
pub(crate) struct NewComplaint {
    pub(crate) detail: String,
    pub(crate) problem_type: ProblemType,
    /// How much the shopper wants back, in fen.
    pub(crate) apply_refund_amount: Option<i64>,
    pub(crate) pictures: usize,
}

/// What a shopper does with a complaint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ShopperAction {
    /// The shopper writes a message.
    Respond,
    /// The shopper continues a complaint that has ended.
    Continue,
    /// The shopper confirms that the complaint is settled.
    Confirm,
}

/// Complains about the paid order with this key. Returns the number of the complaint, or the reason of the refusal.
pub(crate) fn complain(app: &AppState, key: &str, new: NewComplaint) -> Result<String, &'static str> {
    let now = app.clock.now();
    let mut db = app.database_mut();
    let order = db.orders.get(key).ok_or("no such order")?;
    let payment = order.payment.as_ref().ok_or("only a paid order can be complained about")?;
    if new.apply_refund_amount.is_some_and(|fee| fee < 1 || fee > order.total_fee) {
        return Err("apply_refund_amount must be from 1 to the amount of the order");
    }
    let phone = db.user(&payment.openid).map(|user| user.phone.clone()).unwrap_or_default();
    let pictures: Vec<String> =
        (0..new.pictures.min(MAX_PICTURES)).map(|_| random::alphanumeric(64)).collect();
    let day = v2_time(now);
    let mut complaint = Complaint {
        complaint_id: format!("2002{}{}", day.get(..12).unwrap_or_default(), random::digits(10)),
        mch_id: order.mch_id.clone(),
        order: key.to_owned(),
        openid: payment.openid.clone(),
        phone,
        detail: new.detail,
        problem_type: new.problem_type,
        apply_refund_amount: new.apply_refund_amount,
        pictures: pictures.clone(),
        created_at: now,
        times: 1,
        state: ComplaintState::Pending,
        refund: None,
        unanswered: true,
        history: Vec::new(),
    };
    let detail = complaint.detail.clone();
    complaint.add(EntryKind::UserCreateComplaint, &detail, pictures, now);
    let id = complaint.complaint_id.clone();
    db.complaints.insert(id.clone(), complaint);
    notify::enqueue_complaint(&mut db, &id, "CREATE_COMPLAINT", now, now);
    drop(db);
    app.delivery_wakeup.notify_one();
    Ok(id)
}

/// Acts as the shopper of a complaint. An error is the reason of the refusal.
pub(crate) fn act(
    app: &AppState,
    complaint_id: &str,
    action: ShopperAction,
    text: &str,
) -> Result<(), &'static str> {
    let now = app.clock.now();
    let mut db = app.database_mut();
    let known = db.complaints.get(complaint_id).ok_or("no such complaint")?;
    let state = known.state(db.orders.get(&known.order), now);
    let complaint = db.complaints.get_mut(complaint_id).ok_or("no such complaint")?;
    let ended = state == ComplaintState::Processed;
    let notified = match action {
        ShopperAction::Continue if !ended => return Err("only a complaint that has ended can be continued"),
        ShopperAction::Respond | ShopperAction::Confirm if ended => return Err("the complaint has ended"),
        ShopperAction::Respond => {
            complaint.add(EntryKind::UserResponse, text, Vec::new(), now);
            complaint.unanswered = true;
            "USER_RESPONSE"
        }
        ShopperAction::Continue => {
            complaint.add(EntryKind::UserContinueComplaint, text, Vec::new(), now);
            complaint.state = ComplaintState::Pending;
            complaint.refund = None;
            complaint.times += 1;
            complaint.unanswered = true;
            "CONTINUE_COMPLAINT"
        }
        ShopperAction::Confirm => {
            complaint.add(EntryKind::UserConfirmComplaint, text, Vec::new(), now);
            complaint.state = ComplaintState::Processed;
            complaint.unanswered = false;
            // the documents name no notification for it
            return Ok(());
        }
    };
    notify::enqueue_complaint(&mut db, complaint_id, notified, now, now);
    drop(db);
    app.delivery_wakeup.notify_one();
    Ok(())
}

/// Plans the notifications about the arrival of a refund, for the complaints whose refund was approved.
pub(crate) fn refund_accepted(db: &mut Database, key: &str, settles_at: Millis, now: Millis) {
    let approved = |each: &&Complaint| {
        each.order == key && each.refund.is_some_and(|(decision, _)| decision == RefundDecision::Approved)
    };
    let waiting = db.complaints.values().filter(approved).map(|each| each.complaint_id.clone());
    for id in waiting.collect::<Vec<_>>() {
        notify::enqueue_complaint(db, &id, "REFUND_SUCCESS", settles_at, now);
    }
}
