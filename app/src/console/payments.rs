//! The payments and refunds of an order. They are folded, because staff need them only if something is wrong.

use leptos::prelude::*;
use model::{Fen, payment::TradeType, record::RefundRecord};
use shop::{AdminOrder, masked};

use super::{
    discrepancy_detail::error_words,
    language::{t, tf},
    messages::{attempt_word, refund_word, time},
    order::table,
};

/// The payments and refunds, with the requests to WeChat. `None` if the order has no attempt.
pub(super) fn payments(order: &AdminOrder) -> Option<AnyView> {
    if order.attempts.is_empty() {
        return None;
    }
    let refunds = refunds(&order.refunds);
    let attempts = attempts(order);
    let words = match order.refunds.len() {
        0 => tf!("{} 次支付", "payments: {}", order.attempts.len()),
        count => tf!("{} 次支付，{count} 次退款", "payments: {}, refunds: {count}", order.attempts.len()),
    };
    Some(
        view! {
            <details class="panel fold no-print">
                <summary><strong>{t("支付与退款明细", "Payments and refunds")}</strong> " " <span class="muted">{words}</span></summary>
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
                    <td data-label=t("退款单号", "Refund number")><span class="id copy">{refund.out_refund_no.to_string()}</span></td>
                    <td data-column="time" data-label=t("时间", "Time")>{time(refund.created_ms)}</td>
                    <td data-label=t("状态", "Status")><span class="tag">{refund_word(refund.state)}</span></td>
                    <td data-label=t("原因", "Reason")>{refund.reason.clone()}</td>
                    <td data-label=t("操作人", "By")>{refund.who.clone()}</td>
                    <td data-label=t("微信的说明", "WeChat's message")>{error_words(&refund.last_error)}</td>
                    <td data-label=t("金额", "Amount") class="number">"¥" {refund.refund_fee.to_string()}</td>
                </tr>
            }
        })
        .collect_view();
    let head = [
        (t("退款单号", "Refund number"), ""),
        (t("时间", "Time"), ""),
        (t("状态", "Status"), ""),
        (t("原因", "Reason"), ""),
        (t("操作人", "By"), ""),
        (t("微信的说明", "WeChat's message"), ""),
        (t("金额", "Amount"), "number"),
    ];
    let requests = refunds.iter().map(|refund| sent_request(refund.out_refund_no.as_str(), &refund.request));
    let requests = requests.collect_view();
    Some(view! { {table(t("退款记录", "Refunds"), "list", &head, rows)} {requests} }.into_any())
}

fn attempts(order: &AdminOrder) -> AnyView {
    let rows = order
        .attempts
        .iter()
        .map(|attempt| {
            let transaction = attempt.transaction_id.as_ref().map(ToString::to_string).unwrap_or_default();
            let wechat =
                format!("{} {} {}", attempt.api.as_str(), attempt.trade_type.as_str(), attempt.api.sign_type());
            let balance = attempt.balance_fee;
            let how = match balance {
                Fen::ZERO => wechat,
                _ if attempt.trade_type == TradeType::Balance => t("余额", "balance").to_owned(),
                _ => tf!("{wechat}，余额 ¥{balance}", "{wechat}, ¥{balance} from the balance"),
            };
            view! {
                <tr>
                    <td data-label=t("商户订单号", "out_trade_no")><span class="id copy">{attempt.out_trade_no.to_string()}</span></td>
                    <td data-label=t("微信支付单号", "transaction_id")><span class="id copy">{transaction}</span></td>
                    <td data-label=t("状态", "Status")><span class="tag">{attempt_word(attempt.state)}</span></td>
                    <td data-label=t("方式", "Method")>{how}</td>
                    <td data-label=t("发起时间", "Started")>{time(attempt.created_ms)}</td>
                    <td data-label=t("已退", "Refunded") class="number">"¥" {attempt.refunded.to_string()}</td>
                    <td data-label=t("金额", "Amount") class="number">"¥" {attempt.total_fee.to_string()}</td>
                </tr>
            }
        })
        .collect_view();
    let head = [
        (t("商户订单号", "out_trade_no"), ""),
        (t("微信支付单号", "transaction_id"), ""),
        (t("状态", "Status"), ""),
        (t("方式", "Method"), ""),
        (t("发起时间", "Started"), ""),
        (t("已退", "Refunded"), "number"),
        (t("金额", "Amount"), "number"),
    ];
    let requests =
        order.requests.iter().map(|(number, request)| sent_request(number, request)).collect_view();
    view! { {table(t("支付记录", "Payments"), "list", &head, rows)} {requests} }.into_any()
}

/// The request that the shop sent to WeChat, without secrets.
fn sent_request(number: &str, request: &str) -> Option<AnyView> {
    (!request.is_empty()).then(|| {
        view! {
            <details>
                <summary>{t("发给微信的请求 ", "Request to WeChat ")} {number.to_owned()}</summary>
                <pre tabindex="0">{masked(request)}</pre>
            </details>
        }
        .into_any()
    })
}
