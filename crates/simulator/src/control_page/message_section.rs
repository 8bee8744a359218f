//! Messages that users received.

use super::tables::{MAX_ROWS, row, table, time};
use crate::{database::Database, html::escape, messages::SentMessage};

pub(super) fn show(db: &Database) -> String {
    let rows: Vec<String> =
        db.messages.iter().rev().take(MAX_ROWS).map(|message| message_row(db, message)).collect();
    table(&["时间", "收到的人", "标题", "内容", "点开"], &rows)
}

fn message_row(db: &Database, message: &SentMessage) -> String {
    let user = db.user(&message.openid).map_or("", |user| &user.nickname);
    let fields: String = message
        .data
        .iter()
        .map(|(name, value)| format!("<small>{}</small> {}<br>", escape(name), escape(value)))
        .collect();
    let opens = message.page.as_ref().or(message.url.as_ref()).map_or("", String::as_str);
    row(&[
        ("时间", time(message.sent_at)),
        ("收到的人", escape(user)),
        ("标题", escape(&message.title)),
        ("内容", fields),
        ("点开", format!("<small>{}</small>", escape(opens))),
    ])
}
