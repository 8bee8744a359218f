//! The tables of the page.

use crate::{
    clock::{Millis, spaced_time},
    database::Database,
    html::escape,
    notify::{Attempt, Notification},
    pay::{Order, Refund, TradeState},
    phone::ProgramCall,
    user::User,
};

/// The largest number of rows. The ledger has all of them.
pub(super) const MAX_ROWS: usize = 50;

/// The changes that the page offers: the word of the control, in Chinese. `POST /_simulator/notifications` has more.
const TAMPERS: [(&str, &str); 8] = [
    ("", "原样"),
    ("sign", "签名错误"),
    ("no_sign", "没有签名"),
    ("total_fee", "改金额"),
    ("signed_total_fee", "改金额并重新签名"),
    ("signed_unknown_order", "未知订单并重新签名"),
    ("truncate", "只有一半"),
    ("signtest", "签名探测（V3）"),
];

/// A table whose rows are cards on a phone: each cell says its name there.
pub(super) fn table(heads: &[&str], rows: &[String]) -> String {
    if rows.is_empty() {
        return "<p class=\"empty\">还没有</p>".to_owned();
    }
    let heads: String = heads.iter().map(|head| format!("<th scope=\"col\">{head}</th>")).collect();
    format!("<table><thead><tr>{heads}</tr></thead><tbody>{}</tbody></table>", rows.concat())
}

/// A row of the table: the name and the content of each cell.
pub(super) fn row(cells: &[(&str, String)]) -> String {
    let cells: String = cells
        .iter()
        .map(|(name, content)| format!("<td data-label=\"{name}\"><div>{content}</div></td>"))
        .collect();
    format!("<tr>{cells}</tr>")
}

/// A time of the simulator's clock, short: the day and the time in Shanghai.
pub(super) fn time(at: Millis) -> String {
    format!("<time>{}</time>", spaced_time(at))
}

fn yuan(fen: i64) -> String {
    format!("¥{}.{:02}", fen / 100, fen % 100)
}

pub(super) fn users(db: &Database, phone: &str) -> String {
    let rows: Vec<String> = db.users.iter().map(|each| user(each, phone)).collect();
    table(&["昵称", "openid", "手机号", "打开手机"], &rows)
}

fn user(user: &User, phone: &str) -> String {
    let (nickname, openid) = (escape(&user.nickname), escape(&user.openid));
    let link = |mode: &str, label: &str| {
        format!("<a href=\"{phone}/_phone/user?openid={openid}&amp;mode={mode}&amp;next=/\">{label}</a>")
    };
    let phone_number = escape(&user.phone);
    let code = format!(
        "<form method=\"post\" action=\"/page/payment-code\"><button name=\"openid\" value=\"{openid}\">付款码\
         </button></form>"
    );
    let links = [
        link("iphone", "iPhone"),
        link("android", "Android"),
        link("miniprogram", "小程序"),
        link("browser", "手机浏览器"),
        link("desktop", "电脑浏览器"),
    ]
    .join(" ");
    row(&[
        ("昵称", nickname),
        ("openid", format!("<code>{openid}</code>")),
        ("手机号", phone_number),
        ("打开手机", format!("<div class=\"row\">{links} {code}</div>")),
    ])
}

pub(super) fn orders(db: &Database, now: Millis) -> String {
    // each order of a combined order has its own row
    let mut orders: Vec<&Order> = db.orders.values().filter(|order| !order.is_combined()).collect();
    orders.sort_unstable_by_key(|order| std::cmp::Reverse(order.number));
    let rows: Vec<String> = orders.into_iter().take(MAX_ROWS).map(|each| order(each, now)).collect();
    table(&["商户订单号", "商品", "金额", "状态", "下单时间", "操作"], &rows)
}

fn order(order: &Order, now: Millis) -> String {
    let state = order.state(now);
    let (number, mch_id) = (escape(&order.out_trade_no), escape(&order.mch_id));
    let button = |action: &str, label: &str| {
        format!(
            "<form method=\"post\" action=\"/page/{action}\"><input type=\"hidden\" name=\"mch_id\" \
             value=\"{mch_id}\"><button name=\"out_trade_no\" value=\"{number}\">{label}</button></form>"
        )
    };
    let buttons = match state {
        TradeState::NotPay => [button("pay", "支付"), button("close", "关闭")].concat(),
        TradeState::UserPaying => button("pay", "输入密码"),
        _ => String::new(),
    };
    row(&[
        ("商户订单号", format!("<code>{number}</code>")),
        ("商品", escape(&order.body)),
        ("金额", yuan(order.total_fee)),
        ("状态", state.description().to_owned()),
        ("下单时间", time(order.created_at)),
        ("操作", format!("<div class=\"row\">{buttons}</div>")),
    ])
}

pub(super) fn refunds(db: &Database, now: Millis) -> String {
    let mut refunds: Vec<(&Order, &Refund)> = db
        .orders
        .values()
        .flat_map(|order| order.refunds.iter().map(move |refund| (order, refund)))
        .collect();
    refunds.sort_unstable_by_key(|(_, refund)| std::cmp::Reverse(refund.number));
    let rows: Vec<String> =
        refunds.into_iter().take(MAX_ROWS).map(|(order, each)| refund(order, each, now)).collect();
    table(&["退款单号", "商户订单号", "金额", "状态", "去向", "申请时间"], &rows)
}

fn refund(order: &Order, refund: &Refund, now: Millis) -> String {
    row(&[
        ("退款单号", format!("<code>{}</code>", escape(&refund.out_refund_no))),
        ("商户订单号", format!("<code>{}</code>", escape(&order.out_trade_no))),
        ("金额", yuan(refund.refund_fee)),
        ("状态", refund.status(now).as_str().to_owned()),
        ("去向", escape(refund.received_by())),
        ("申请时间", time(refund.created_at)),
    ])
}

/// Calls of pages to the mini program, and its payments.
pub(super) fn program_calls(db: &Database) -> String {
    let each = |call: &ProgramCall| {
        row(&[
            ("接口", escape(&call.api)),
            ("页面", escape(&call.page)),
            ("参数", format!("<small>{}</small>", escape(&call.arg.to_string()))),
            ("结果", escape(&call.result)),
        ])
    };
    let rows: Vec<String> = db.program_calls.iter().rev().take(MAX_ROWS).map(each).collect();
    table(&["接口", "页面", "参数", "结果"], &rows)
}

pub(super) fn notifications(db: &Database) -> String {
    let rows: Vec<String> = db.notifications.iter().rev().take(MAX_ROWS).map(notification).collect();
    table(&["商户订单号", "内容", "确认", "各次送达", "下一次", "操作"], &rows)
}

fn notification(notification: &Notification) -> String {
    let (class, word) = match (notification.acknowledged, notification.next_at) {
        (true, _) => ("good", "小店已确认"),
        (false, Some(_)) => ("bad", "小店还没有确认"),
        (false, None) => ("bad", "没有确认，不再发送"),
    };
    let kind = match notification.kind.as_str() {
        "refund" => "退款",
        _ => "付款",
    };
    let attempts: String = notification.attempts.iter().map(attempt).collect();
    let attempts =
        if attempts.is_empty() { "还没有发送".to_owned() } else { format!("<ol>{attempts}</ol>") };
    let message = match &notification.json {
        Some(json) => json.clone(),
        None => notification.fields.iter().map(|(name, value)| format!("{name}: {value}\n")).collect(),
    };
    let choices: String =
        TAMPERS.iter().map(|(kind, word)| format!("<option value=\"{kind}\">{word}</option>")).collect();
    let again = format!(
        "<form method=\"post\" action=\"/page/resend\" class=\"row\">\
         <input type=\"hidden\" name=\"mch_id\" value=\"{}\">\
         <input type=\"hidden\" name=\"out_trade_no\" value=\"{}\"><input type=\"hidden\" name=\"kind\" value=\"{}\">\
         <select name=\"tamper\" aria-label=\"篡改\">{choices}</select> <button>再发</button></form>",
        escape(&notification.mch_id),
        escape(&notification.out_trade_no),
        escape(&notification.kind),
    );
    row(&[
        ("商户订单号", format!("<code>{}</code>", escape(&notification.out_trade_no))),
        ("内容", format!("<details><summary>{kind}</summary><pre>{}</pre></details>", escape(&message))),
        ("确认", format!("<b class=\"{class}\">{word}</b>")),
        ("各次送达", attempts),
        ("下一次", notification.next_at.map(time).unwrap_or_default()),
        ("操作", again),
    ])
}

fn attempt(attempt: &Attempt) -> String {
    let status = attempt.status.map_or_else(|| "无应答".to_owned(), |status| format!("HTTP {status}"));
    let note = attempt.note.as_deref().unwrap_or_default();
    let class = if attempt.acknowledged { "good" } else { "bad" };
    let summary =
        format!("{} <b class=\"{class}\">{status}</b> <small>{}</small>", time(attempt.at), escape(note));
    if attempt.sent_headers.is_empty() {
        return format!("<li>{summary}</li>");
    }
    let part = |title: &str, headers: &str, body: &str| {
        format!("<h4>{title}</h4><pre>{}\n{}</pre>", escape(headers), escape(body))
    };
    format!(
        "<li><details><summary>{summary}</summary>{}{}</details></li>",
        part("发送 <small lang=\"en\">Sent</small>", &attempt.sent_headers, &attempt.sent_body),
        part("应答 <small lang=\"en\">Answer</small>", &attempt.answer_headers, &attempt.body),
    )
}
