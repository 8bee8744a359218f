//! The payments and refunds of an order. They are folded: staff need them when something is wrong.

use leptos::prelude::*;
use model::record::RefundRecord;
use shop::{AdminOrder, masked};

use super::{
    messages::{attempt_word, refund_word, time},
    order::table,
};

/// The payments and refunds, with the requests to WeChat.
pub(super) fn payments(order: &AdminOrder) -> Option<AnyView> {
    if order.attempts.is_empty() {
        return None;
    }
    let refunds = refunds(&order.refunds);
    let attempts = attempts(order);
    let words = match order.refunds.len() {
        0 => format!("{} 次支付", order.attempts.len()),
        count => format!("{} 次支付，{count} 次退款", order.attempts.len()),
    };
    Some(
        view! {
            <details class="panel fold no-print">
                <summary><strong>"支付与退款明细"</strong> " " <span class="muted">{words}</span></summary>
                {attempts}
                {refunds}
            </details>
        }
        .into_any(),
    )
}

fn refunds(refunds: &[RefundRecord]) -> Option<AnyView> {
    if refunds.is_empty() {
        return None;
    }
    let rows = refunds
        .iter()
        .map(|refund| {
            view! {
                <tr>
                    <td data-label="退款单号"><span class="id copy">{refund.out_refund_no.to_string()}</span></td>
                    <td data-label="时间">{time(refund.created_ms)}</td>
                    <td data-label="状态"><span class="tag">{refund_word(refund.state)}</span></td>
                    <td data-label="原因">{refund.reason.clone()}</td>
                    <td data-label="操作人">{refund.who.clone()}</td>
                    <td data-label="微信的说明">{refund.last_error.clone()}</td>
                    <td data-label="金额" class="number">"¥" {refund.refund_fee.to_string()}</td>
                </tr>
            }
        })
        .collect_view();
    let head = [
        ("退款单号", ""),
        ("时间", ""),
        ("状态", ""),
        ("原因", ""),
        ("操作人", ""),
        ("微信的说明", ""),
        ("金额", "number"),
    ];
    let requests = refunds.iter().map(|refund| sent_request(refund.out_refund_no.as_str(), &refund.request));
    let requests = requests.collect_view();
    Some(view! { {table("退款记录", "list", &head, rows)} {requests} }.into_any())
}

fn attempts(order: &AdminOrder) -> AnyView {
    let rows = order
        .attempts
        .iter()
        .map(|attempt| {
            let transaction = attempt.transaction_id.as_ref().map(ToString::to_string).unwrap_or_default();
            let how = format!(
                "{} {} {}",
                attempt.api.as_str(),
                attempt.trade_type.as_str(),
                attempt.api.sign_type()
            );
            view! {
                <tr>
                    <td data-label="商户订单号"><span class="id copy">{attempt.out_trade_no.to_string()}</span></td>
                    <td data-label="微信支付单号"><span class="id copy">{transaction}</span></td>
                    <td data-label="状态"><span class="tag">{attempt_word(attempt.state)}</span></td>
                    <td data-label="方式">{how}</td>
                    <td data-label="发起时间">{time(attempt.created_ms)}</td>
                    <td data-label="已退" class="number">"¥" {attempt.refunded.to_string()}</td>
                    <td data-label="金额" class="number">"¥" {attempt.total_fee.to_string()}</td>
                </tr>
            }
        })
        .collect_view();
    let head = [
        ("商户订单号", ""),
        ("微信支付单号", ""),
        ("状态", ""),
        ("方式", ""),
        ("发起时间", ""),
        ("已退", "number"),
        ("金额", "number"),
    ];
    let requests =
        order.requests.iter().map(|(number, request)| sent_request(number, request)).collect_view();
    view! { {table("支付记录", "list", &head, rows)} {requests} }.into_any()
}

/// The request that the shop sent to WeChat, without its secrets.
fn sent_request(number: &str, request: &str) -> Option<AnyView> {
    (!request.is_empty()).then(|| {
        view! {
            <details>
                <summary>"发给微信的请求 " {number.to_owned()}</summary>
                <pre tabindex="0">{masked(request)}</pre>
            </details>
        }
        .into_any()
    })
}
