use model::{
    Fen,
    record::{ComplaintAnswerRecord, ComplaintEntryRecord, ComplaintRecord},
};

use super::column::{flag, number, number_or_null, text};
use crate::{StoreError, driver::Row};

/// The columns of `complaints`, as [`complaint`] reads them.
pub(crate) const COMPLAINT: &str = "id, state, order_id, out_trade_no, transaction_id, problem, problem_words, refund_wanted, \
     detail, sealed_phone, pictures, times, is_fully_refunded, has_unanswered_response, newest_of_shopper, complained_ms, read_ms";

/// The columns of `complaint_entries`, as [`complaint_entry`] reads them.
pub(crate) const COMPLAINT_ENTRY: &str = "complaint_id, log_id, writer, kind, text, pictures, at_ms";

/// The columns of `complaint_answers`, as [`complaint_answer`] reads them.
pub(crate) const COMPLAINT_ANSWER: &str =
    "id, complaint_id, kind, text, who, state, code, message, created_ms, changed_ms";

pub(crate) fn complaint(row: &Row) -> Result<ComplaintRecord, StoreError> {
    let order: String = text(row, "order_id")?;
    Ok(ComplaintRecord {
        id: text(row, "id")?,
        state: text(row, "state")?,
        order_id: if order.is_empty() { None } else { Some(text(row, "order_id")?) },
        out_trade_no: text(row, "out_trade_no")?,
        transaction_id: text(row, "transaction_id")?,
        problem: text(row, "problem")?,
        problem_words: text(row, "problem_words")?,
        refund_wanted: Fen(number(row, "refund_wanted")?),
        detail: text(row, "detail")?,
        sealed_phone: text(row, "sealed_phone")?,
        pictures: lines(&text::<String>(row, "pictures")?),
        times: number(row, "times")?,
        is_fully_refunded: flag(row, "is_fully_refunded")?,
        has_unanswered_response: flag(row, "has_unanswered_response")?,
        newest_of_shopper: text(row, "newest_of_shopper")?,
        complained_ms: number(row, "complained_ms")?,
        read_ms: number_or_null(row, "read_ms")?,
    })
}

pub(crate) fn complaint_entry(row: &Row) -> Result<ComplaintEntryRecord, StoreError> {
    Ok(ComplaintEntryRecord {
        complaint_id: text(row, "complaint_id")?,
        log_id: text(row, "log_id")?,
        writer: text(row, "writer")?,
        kind: text(row, "kind")?,
        text: text(row, "text")?,
        pictures: lines(&text::<String>(row, "pictures")?),
        at_ms: number(row, "at_ms")?,
    })
}

pub(crate) fn complaint_answer(row: &Row) -> Result<ComplaintAnswerRecord, StoreError> {
    Ok(ComplaintAnswerRecord {
        id: text(row, "id")?,
        complaint_id: text(row, "complaint_id")?,
        kind: text(row, "kind")?,
        text: text(row, "text")?,
        who: text(row, "who")?,
        state: text(row, "state")?,
        code: text(row, "code")?,
        message: text(row, "message")?,
        created_ms: number(row, "created_ms")?,
        changed_ms: number(row, "changed_ms")?,
    })
}

/// The addresses of pictures are stored one in each line.
fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}
