//! The functions of a unit of work for complaints and the answers of staff.

use model::{
    message::MessageSubject,
    record::{ComplaintAnswerRecord, ComplaintEntryRecord, ComplaintRecord},
};

use super::{
    UnitOfWork,
    unit::{Entry, RowChange},
};

impl UnitOfWork {
    /// A complaint that was read with [`ReadSet::complaint`](super::ReadSet::complaint).
    #[must_use]
    pub fn complaint(&self, id: &str) -> Option<&ComplaintRecord> {
        self.complaints.get(id).map(|entry| &entry.row)
    }

    /// Inserts or replaces a complaint.
    pub fn set_complaint(&mut self, row: ComplaintRecord) {
        self.complaints.insert(row.id.clone(), Entry { row, change: RowChange::Updated });
    }

    /// Adds entries of the negotiation. A known entry does not change.
    pub fn add_complaint_entries(&mut self, rows: Vec<ComplaintEntryRecord>) {
        self.complaint_entries.extend(rows);
    }

    /// The answers to a complaint that was read, in no particular order.
    pub fn complaint_answers_to<'a>(
        &'a self,
        complaint_id: &'a str,
    ) -> impl Iterator<Item = &'a ComplaintAnswerRecord> {
        let rows = self.complaint_answers.values().map(|entry| &entry.row);
        rows.filter(move |row| row.complaint_id == complaint_id)
    }

    /// An answer to a complaint that was read.
    #[must_use]
    pub fn complaint_answer(&self, id: &str) -> Option<&ComplaintAnswerRecord> {
        self.complaint_answers.get(id).map(|entry| &entry.row)
    }

    /// Inserts an answer of staff, or changes its state.
    pub fn set_complaint_answer(&mut self, row: ComplaintAnswerRecord) {
        self.complaint_answers.insert(row.id.clone(), Entry { row, change: RowChange::Updated });
    }

    /// Writes messages to staff about a complaint, once for each `about`. `about` begins with the number of the
    /// complaint.
    ///
    /// The messages have no order, because the previous version shows an order's messages and does not know this
    /// subject.
    pub fn tell_staff_of_complaint(&mut self, about: &str, now_ms: i64) {
        self.tell_staff(MessageSubject::Complaint, None, about, now_ms);
    }
}
