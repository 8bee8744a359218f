//! The commands that store what WeChat reports about a complaint.

use model::{
    Fen,
    complaint::{ComplaintProblem, ComplaintState},
    job::JobKind,
    record::{ComplaintEntryRecord, ComplaintRecord},
};
use store::{Command, ReadSet, UnitOfWork};

/// Stores a notification about a complaint: the row of the complaint, and the job that reads it from WeChat.
pub(crate) struct StoreNotification {
    pub(crate) complaint_id: String,
    pub(crate) notification_id: String,
    pub(crate) now_ms: i64,
}

impl Command for StoreNotification {
    type Reply = ();

    fn reads(&self, reads: &mut ReadSet) {
        reads.complaint(&self.complaint_id);
    }

    fn apply(&self, unit: &mut UnitOfWork) {
        if unit.complaint(&self.complaint_id).is_none() {
            unit.set_complaint(unread(&self.complaint_id, self.now_ms));
        }
        // each notification has its own job: a job that runs now may have read the complaint before this change
        let subject = format!("{}.{}", self.complaint_id, self.notification_id);
        unit.enqueue(JobKind::Complaint, subject, self.now_ms);
    }
}

/// The row of a complaint of which the shop knows only the number.
fn unread(id: &str, now_ms: i64) -> ComplaintRecord {
    ComplaintRecord {
        id: id.to_owned(),
        state: ComplaintState::Unread,
        order_id: None,
        out_trade_no: String::new(),
        transaction_id: String::new(),
        problem: ComplaintProblem::Other,
        problem_words: String::new(),
        refund_wanted: Fen::ZERO,
        detail: String::new(),
        sealed_phone: String::new(),
        pictures: Vec::new(),
        times: 0,
        is_fully_refunded: false,
        has_unanswered_response: false,
        newest_of_shopper: String::new(),
        complained_ms: now_ms,
        read_ms: None,
    }
}

/// Stores a complaint and its negotiation, as WeChat has them. Tells staff if the shopper complained or wrote again.
pub(super) struct StoreComplaint {
    pub(super) complaint: ComplaintRecord,
    pub(super) entries: Vec<ComplaintEntryRecord>,
    pub(super) now_ms: i64,
}

impl Command for StoreComplaint {
    type Reply = ();

    fn reads(&self, reads: &mut ReadSet) {
        reads.complaint(&self.complaint.id);
    }

    fn apply(&self, unit: &mut UnitOfWork) {
        let new = &self.complaint;
        let known = unit.complaint(&new.id);
        // an older answer of WeChat arrived late: it changes nothing
        if known.is_some_and(|known| known.read_ms > new.read_ms) {
            return;
        }
        let was_read = known.filter(|known| known.read_ms.is_some());
        let is_news = match was_read {
            None => new.state.is_open(),
            Some(known) => known.newest_of_shopper != new.newest_of_shopper,
        };
        unit.set_complaint(new.clone());
        unit.add_complaint_entries(self.entries.clone());
        if is_news {
            unit.tell_staff_of_complaint(&format!("{}.{}", new.id, new.newest_of_shopper), self.now_ms);
        }
    }
}

/// Reminds staff of a complaint that they have to answer soon.
pub(super) struct Remind {
    pub(super) complaint_id: String,
    pub(super) now_ms: i64,
}

impl Command for Remind {
    type Reply = ();

    fn reads(&self, reads: &mut ReadSet) {
        reads.complaint(&self.complaint_id);
    }

    fn apply(&self, unit: &mut UnitOfWork) {
        let Some(known) = unit.complaint(&self.complaint_id).filter(|known| known.state.is_open()) else {
            return;
        };
        // one reminder for the first reply and one for the end; if the shopper complains again, both are possible again
        let about = format!("{}.due.{}.{}", known.id, known.state, known.times);
        unit.tell_staff_of_complaint(&about, self.now_ms);
    }
}
