//! The tables of the page.

use crate::{
    clock::{Millis, rfc3339},
    database::Database,
    html::escape,
    notify::{Attempt, Notification},
    pay::{Order, Refund, TradeState},
    phone::ProgramCall,
    user::User,
};

/// The largest number of rows. The ledger has all of them.
const MAX_ROWS: usize = 50;

fn table(heads: &[&str], rows: &[String]) -> String {
    if rows.is_empty() {
        return "<p class=\"empty\">还没有</p>".to_owned();
    }
    let heads: String = heads.iter().map(|head| format!("<th>{head}</th>")).collect();
    format!("<div class=\"table\"><table><tr>{heads}</tr>{}</table></div>", rows.concat())
}

pub(super) fn users(db: &Database, phone: &str) -> String {
    let rows: Vec<String> = db.users.iter().map(|each| user(each, phone)).collect();
    table(&["昵称", "openid", "手机号", "手机"], &rows)
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
    format!(
        "<tr><td>{nickname}</td><td><code>{openid}</code></td><td>{phone_number}</td><td>{links} {code}</td></tr>"
    )
}

pub(super) fn orders(db: &Database, now: Millis) -> String {
    // each order of a combined order has its own row
    let mut orders: Vec<&Order> = db.orders.values().filter(|order| !order.is_combined()).collect();
    orders.sort_unstable_by_key(|order| std::cmp::Reverse(order.number));
    let rows: Vec<String> = orders.into_iter().take(MAX_ROWS).map(|each| order(each, now)).collect();
    table(&["订单号", "商品", "金额", "状态", "下单时间", ""], &rows)
}

fn order(order: &Order, now: Millis) -> String {
    let state = order.state(now);
    let number = escape(&order.out_trade_no);
    let button = |action: &str, label: &str| {
        format!(
            "<form method=\"post\" action=\"/page/{action}\"><button name=\"out_trade_no\" value=\"{number}\">\
             {label}</button></form>"
        )
    };
    let buttons = match state {
        TradeState::NotPay => [button("pay", "支付"), button("close", "关闭")].concat(),
        TradeState::UserPaying => button("pay", "输入密码"),
        _ => String::new(),
    };
    format!(
        "<tr><td><code>{number}</code></td><td>{}</td><td>¥{}.{:02}</td><td>{}</td><td>{}</td><td>{buttons}</td></tr>",
        escape(&order.body),
        order.total_fee / 100,
        order.total_fee % 100,
        state.description(),
        rfc3339(order.created_at),
    )
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
    table(&["退款单号", "订单号", "金额", "状态", "去向", "申请时间"], &rows)
}

fn refund(order: &Order, refund: &Refund, now: Millis) -> String {
    format!(
        "<tr><td><code>{}</code></td><td><code>{}</code></td><td>¥{}.{:02}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
        escape(&refund.out_refund_no),
        escape(&order.out_trade_no),
        refund.refund_fee / 100,
        refund.refund_fee % 100,
        refund.status(now).as_str(),
        escape(refund.received_by()),
        rfc3339(refund.created_at),
    )
}

/// Calls of pages to the mini program, and its payments.
pub(super) fn program_calls(db: &Database) -> String {
    let row = |call: &ProgramCall| {
        format!(
            "<tr><td>{}</td><td>{}</td><td><small>{}</small></td><td>{}</td></tr>",
            escape(&call.api),
            escape(&call.page),
            escape(&call.arg.to_string()),
            escape(&call.result)
        )
    };
    let rows: Vec<String> = db.program_calls.iter().rev().take(MAX_ROWS).map(row).collect();
    table(&["接口", "页面", "参数", "结果"], &rows)
}

pub(super) fn notifications(db: &Database) -> String {
    let rows: Vec<String> = db.notifications.iter().rev().take(MAX_ROWS).map(notification).collect();
    table(&["订单号", "确认", "各次送达", "下一次"], &rows)
}

fn notification(notification: &Notification) -> String {
    let confirmed = if notification.acknowledged { "<b class=\"good\">已确认</b>" } else { "未确认" };
    format!(
        "<tr><td><code>{}</code></td><td>{confirmed}</td><td>{}</td><td>{}</td></tr>",
        escape(&notification.out_trade_no),
        notification.attempts.iter().map(attempt).collect::<Vec<_>>().join("<br>"),
        notification.next_at.map(rfc3339).unwrap_or_default(),
    )
}

fn attempt(attempt: &Attempt) -> String {
    let status = attempt.status.map_or_else(|| "无应答".to_owned(), |status| status.to_string());
    let note = attempt.note.as_deref().unwrap_or_default();
    format!(
        "{} {status} <small>{} {}</small>",
        rfc3339(attempt.at),
        escape(note),
        escape(&attempt.body.chars().take(120).collect::<String>())
    )
}
