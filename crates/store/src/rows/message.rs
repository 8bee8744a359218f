use model::record::MessageRecord;

use super::column::{number, text, text_or_empty};
use crate::{StoreError, driver::Row};

/// The columns of `messages`, as [`message`] reads them.
pub(crate) const MESSAGE: &str = "id, subject, channel, recipient, order_id, about, state, sender, code, detail, \
    created_ms, changed_ms";

pub(crate) fn message(row: &Row) -> Result<MessageRecord, StoreError> {
    Ok(MessageRecord {
        id: text(row, "id")?,
        subject: text(row, "subject")?,
        channel: text(row, "channel")?,
        recipient: text(row, "recipient")?,
        order_id: text_or_empty(row, "order_id")?,
        about: text(row, "about")?,
        state: text(row, "state")?,
        sender: text(row, "sender")?,
        code: text(row, "code")?,
        detail: text(row, "detail")?,
        created_ms: number(row, "created_ms")?,
        changed_ms: number(row, "changed_ms")?,
    })
}
