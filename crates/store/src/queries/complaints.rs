//! Reads complaints. Commands write them.

use model::{
    OrderId,
    complaint::{ALARM_BEFORE_MS, ComplaintState, END_WITHIN_MS, REPLY_WITHIN_MS},
    record::{ComplaintAnswerRecord, ComplaintEntryRecord, ComplaintRecord},
};

use crate::{
    Store, StoreError,
    rows::{
        self, COMPLAINT, COMPLAINT_ANSWER, COMPLAINT_ENTRY, complaint, complaint_answer, complaint_entry,
    },
};

/// Complaints that have not ended. The text matches the index `complaints_open`.
pub(super) const OPEN: &str = "state <> 'processed'";

/// Complaints that have ended. The text matches the index `complaints_ended`.
const ENDED: &str = "state = 'processed'";

impl Store {
    /// A complaint; `None` if the shop does not know it.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn complaint(&self, id: &str) -> Result<Option<ComplaintRecord>, StoreError> {
        let sql = format!("SELECT {COMPLAINT} FROM complaints WHERE id = $1");
        self.select(sql, &[id]).await?.first().map(complaint).transpose()
    }

    /// The complaints about an order, oldest first.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn complaints_of(&self, id: &OrderId) -> Result<Vec<ComplaintRecord>, StoreError> {
        let sql = format!(
            "SELECT {COMPLAINT} FROM complaints WHERE order_id = $1 AND order_id <> '' ORDER BY complained_ms, id"
        );
        self.select(sql, &[id.as_str()]).await?.iter().map(complaint).collect()
    }

    /// The complaints that have not ended, the oldest first.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn open_complaints(&self) -> Result<Vec<ComplaintRecord>, StoreError> {
        let sql = format!("SELECT {COMPLAINT} FROM complaints WHERE {OPEN} ORDER BY complained_ms, id");
        self.select(sql, &[]).await?.iter().map(complaint).collect()
    }

    /// The newest complaints that have ended: at most `limit`.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn ended_complaints(&self, limit: u8) -> Result<Vec<ComplaintRecord>, StoreError> {
        let sql = format!(
            "SELECT {COMPLAINT} FROM complaints WHERE {ENDED} ORDER BY complained_ms DESC, id LIMIT {limit}"
        );
        self.select(sql, &[]).await?.iter().map(complaint).collect()
    }

    /// The entries of the negotiation about a complaint, oldest first.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn complaint_entries(&self, id: &str) -> Result<Vec<ComplaintEntryRecord>, StoreError> {
        let sql = format!(
            "SELECT {COMPLAINT_ENTRY} FROM complaint_entries WHERE complaint_id = $1 ORDER BY at_ms, log_id"
        );
        self.select(sql, &[id]).await?.iter().map(complaint_entry).collect()
    }

    /// The answers of staff to a complaint, oldest first.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn complaint_answers(&self, id: &str) -> Result<Vec<ComplaintAnswerRecord>, StoreError> {
        let sql = format!(
            "SELECT {COMPLAINT_ANSWER} FROM complaint_answers WHERE complaint_id = $1 ORDER BY created_ms, id"
        );
        self.select(sql, &[id]).await?.iter().map(complaint_answer).collect()
    }

    /// An answer of staff to a complaint; `None` if it does not exist.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn complaint_answer(&self, id: &str) -> Result<Option<ComplaintAnswerRecord>, StoreError> {
        let sql = format!("SELECT {COMPLAINT_ANSWER} FROM complaint_answers WHERE id = $1");
        self.select(sql, &[id]).await?.first().map(complaint_answer).transpose()
    }

    /// The ids of open complaints that are due within [`ALARM_BEFORE_MS`] or overdue.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn due_complaints(&self, now_ms: i64) -> Result<Vec<String>, StoreError> {
        let soon_ms = now_ms + ALARM_BEFORE_MS;
        let sql = format!(
            "SELECT id FROM complaints WHERE {OPEN} AND (complained_ms <= {} OR \
             (state IN ('{}', '{}') AND complained_ms <= {})) ORDER BY complained_ms, id",
            soon_ms - END_WITHIN_MS,
            ComplaintState::Unread,
            ComplaintState::Pending,
            soon_ms - REPLY_WITHIN_MS
        );
        self.select(sql, &[]).await?.iter().map(|row| rows::text(row, "id")).collect()
    }
}
