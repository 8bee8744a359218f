//! The last requests with their verdicts. `live.js` adds new ones.

use super::sentence;
use crate::{
    app_state::AppState,
    html::escape,
    request_log::{Entry, Verdict},
};

/// The largest number of rows. `live.js` has the same.
const MAX_ROWS: usize = 50;

/// The HTML of the section.
pub(super) fn show(app: &AppState) -> String {
    let entries = app.requests.after(0);
    let last = entries.last().map_or(0, |entry| entry.number);
    let rows: String = entries.iter().rev().take(MAX_ROWS).map(|entry| row(entry)).collect();
    let about = sentence(
        "新的请求自动出现。签名错误时这里说明原因。",
        "New requests appear here. A wrong signature is explained.",
    );
    format!(
        "{about}<ol id=\"live\" class=\"requests\" data-after=\"{last}\" aria-live=\"polite\">{rows}</ol>"
    )
}

/// The word and the class of a verdict.
const fn word(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Accepted => ("成功", "good"),
        Verdict::Refused => ("拒绝", "bad"),
        Verdict::WrongSignature => ("签名错误", "bad"),
        Verdict::Fault => ("故障", "bad"),
        Verdict::NoAnswer => ("无应答", "bad"),
    }
}

fn row(entry: &Entry) -> String {
    let (word, class) = word(entry.verdict);
    let time = entry.at.get(11..19).unwrap_or_default();
    let status = entry.status.map(|status| status.to_string()).unwrap_or_default();
    let reason = escape(entry.reason.as_deref().unwrap_or_default());
    let explained = entry.diagnosis.as_ref();
    let explained =
        explained.map(|found| format!("<p class=\"mistake\" lang=\"en\">{}</p>", escape(&found.sentence)));
    format!(
        "<li><details><summary><time>{time}</time> <b class=\"{class}\">{word}</b> <code>{} {}</code> {status} \
         <small>{reason}</small></summary><pre>{}</pre><pre>{}</pre></details>{}</li>",
        escape(&entry.method),
        escape(&entry.path),
        escape(&entry.request),
        escape(&entry.answer),
        explained.unwrap_or_default(),
    )
}
