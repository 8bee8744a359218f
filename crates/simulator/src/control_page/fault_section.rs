//! The planned faults, and the forms that add and clear them.

use super::sentence;
use crate::{
    database::Database,
    faults::{ENDPOINTS, Fault},
    html::escape,
};

/// The faults that the form offers: the word of the control, in Chinese. `POST /_simulator/faults` takes more.
const KINDS: [(&str, &str); 10] = [
    ("refuse", "拒绝连接"),
    ("delay", "应答慢 3 秒"),
    ("timeout_before", "无应答，没有执行"),
    ("timeout_after", "无应答，已经执行"),
    ("http_502", "HTTP 502 网页"),
    ("system_error", "系统繁忙，没有执行"),
    ("system_error_after", "系统繁忙，已经执行"),
    ("wrong_signature", "签名错误（支付接口）"),
    ("truncated_body", "应答只有一半"),
    ("callback_never", "从不回调（JS 接口）"),
];

/// The HTML of the section.
pub(super) fn show(db: &Database) -> String {
    let dropping = db.delivery_faults.drop.is_some();
    let (state, label) = if dropping {
        ("<b class=\"bad\">通知不送达</b>", "恢复通知")
    } else {
        ("通知正常送达", "丢弃通知")
    };
    let planned: String = db.faults.0.iter().map(line).collect();
    let planned = if planned.is_empty() {
        "<p class=\"empty\">没有故障</p>".to_owned()
    } else {
        format!(
            "<ul>{planned}</ul><form method=\"post\" action=\"/page/faults-clear\"><button>清除全部故障</button></form>"
        )
    };
    let endpoints: String =
        ENDPOINTS.iter().map(|name| format!("<option value=\"{name}\">{name}</option>")).collect();
    let kinds: String =
        KINDS.iter().map(|(kind, word)| format!("<option value=\"{kind}\">{word}</option>")).collect();
    format!(
        "{}{planned}<form method=\"post\" action=\"/page/fault\" class=\"row\"><label>接口 <select \
         name=\"endpoint\"><option value=\"*\">全部接口</option>{endpoints}</select></label> <label>故障 <select \
         name=\"kind\">{kinds}</select></label> <label>次数 <input name=\"times\" type=\"number\" min=\"1\" \
         max=\"1000\" value=\"1\" required></label> <button>加上故障</button></form>\
         <form method=\"post\" action=\"/page/drop\" class=\"row\"><span>{state}</span> <button>{label}</button></form>",
        sentence(
            "让微信的接口出错，看小店怎样应对。更多故障见 README 的 POST /_simulator/faults。",
            "Let WeChat fail and see what the shop does. POST /_simulator/faults in the README has more."
        )
    )
}

fn line(fault: &Fault) -> String {
    let kind = serde_json::to_value(fault.kind).ok();
    let kind = kind.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
    let word = KINDS.iter().find(|(own, _)| *own == kind).map_or(kind, |(_, word)| *word);
    let times = fault.times.map_or_else(|| "直到清除".to_owned(), |times| format!("还有 {times} 次"));
    format!("<li><code>{}</code>：{word}，{times}</li>", escape(&fault.endpoint))
}
