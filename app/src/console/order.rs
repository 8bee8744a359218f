use leptos::prelude::*;
use model::{
    Fen,
    order::OrderKind,
    payment::AttemptState,
    record::{AttemptRecord, RefundApplicationRecord, RefundApplicationState, RefundRecord},
};
use shop::{AdminOrder, Right, masked};

use super::{
    detail::detail_words,
    discrepancies::discrepancy_section,
    layout::{Head, page},
    messages::{
        attempt_word, event_word, kind_word, refund_word, source_word, standing_word, state_word, time,
    },
};
use crate::raw_text::TextArea;

/// One order with its payments, refunds, shipment and events.
#[must_use]
pub fn order_page(head: &Head<'_>, order: &AdminOrder) -> String {
    let id = order.order.id.to_string();
    let role = head.staff.role;
    let body = view! {
        {facts(order)}
        {order.refund_application.as_ref().map(|request| refund_application(&id, request, role.may(Right::Refund), order.refundable()))}
        {shipping(order, role.may(Right::Ship))}
        {role.may(Right::Refund).then(|| {
            let payments: Vec<_> = order.refundable_payments().collect();
            let has_several_payments = order.attempts.iter().filter(|attempt| attempt.state == AttemptState::Paid).count() > 1;
            payments.into_iter().map(|payment| refund_form(&id, payment, has_several_payments)).collect_view()
        })}
        {items(order)}
        {refunds(&order.refunds)}
        {attempts(order)}
        {events(order)}
        {(!order.discrepancies.is_empty()).then(|| {
            let all = order.discrepancies.iter().map(|known| discrepancy_section(known, role.may(Right::Resolve))).collect_view();
            view! { <section class="panel"><h2>"对账差异"</h2>{all}</section> }
        })}
    };
    page(head, "/console/orders", &format!("订单 {id}"), body)
}

fn facts(admin_order: &AdminOrder) -> AnyView {
    let order = &admin_order.order;
    let delivery = admin_order.delivery.clone();
    let note = delivery.as_ref().map(|delivery| delivery.note.clone()).filter(|note| !note.is_empty());
    let collector = delivery.as_ref().filter(|delivery| delivery.is_pickup() && !delivery.name.is_empty());
    let collector = collector.map(|by| format!("取货人：{} {}", by.name, by.phone)).unwrap_or_default();
    let to = delivery.filter(|delivery| !delivery.is_pickup());
    let is_pickup = order.kind == OrderKind::Goods && to.is_none();
    view! {
        <section class="panel">
            <dl class="facts">
                <dt>"状态"</dt>
                <dd>
                    <span class=format!("tag {}", order.state)>{state_word(order.state)}</span>
                    {standing_word(admin_order.standing()).map(|word| view! { " " <span class="tag warn">{word}</span> })}
                </dd>
                <dt>"类型"</dt><dd>{kind_word(order.kind)}</dd>
                <dt>"金额"</dt><dd>"¥" {order.total_fee.to_string()}</dd>
                <dt>"可退"</dt><dd>"¥" {admin_order.refundable().to_string()}</dd>
                <dt>"下单时间"</dt><dd>{time(order.created_ms)}</dd>
                {order.paid_ms.map(|ms| view! { <dt>"支付时间"</dt><dd>{time(ms)}</dd> })}
                {to
                    .map(|to| {
                        view! {
                            <dt>"收货人"</dt><dd>{to.name} " " {to.phone}</dd>
                            <dt>"地址"</dt><dd>{to.address}</dd>
                        }
                    })}
                {is_pickup.then(|| view! { <dt>"配送"</dt><dd>"到店自取 " {collector}</dd> })}
                {note.map(|note| view! { <dt>"买家备注"</dt><dd class="text">{note}</dd> })}
            </dl>
        </section>
    }
    .into_any()
}

fn refund_application(
    id: &str,
    request: &RefundApplicationRecord,
    may_answer: bool,
    refundable: Fen,
) -> AnyView {
    let state = match request.state {
        RefundApplicationState::Open => "等待答复",
        RefundApplicationState::Granted => "已同意",
        RefundApplicationState::Declined => "已拒绝",
        RefundApplicationState::Failed => "已同意，但退款没有成功，请重新处理",
    };
    let answer = (request.state.is_waiting() && may_answer).then(|| {
        view! {
            <div class="columns">
                <form method="get" action=format!("/console/orders/{id}/refund") class="stack">
                    <input type="hidden" name="grant" value="1"/>
                    <label>
                        "同意退款，金额（元）"
                        <input name="fee" inputmode="decimal" required value=refundable.to_string()/>
                    </label>
                    <button class="primary">"同意，下一步确认"</button>
                </form>
                <form method="post" action=format!("/console/orders/{id}/decline") class="stack">
                    <label>
                        "拒绝的理由（买家会看到）"
                        <TextArea name="answer" rows=2 maxlength=200 required=true/>
                    </label>
                    <button>"拒绝"</button>
                </form>
            </div>
        }
    });
    view! {
        <section class="panel">
            <h2>"买家申请退款 " <span class="tag warn">{state}</span></h2>
            <p class="text">{request.reason.clone()}</p>
            <p class="muted">{time(request.asked_ms)}</p>
            {(!request.answer.is_empty()).then(|| {
                view! { <p class="text">"答复（" {request.who.clone()} "）：" {request.answer.clone()}</p> }
            })}
            {answer}
        </section>
    }
    .into_any()
}

fn shipping(admin_order: &AdminOrder, has_right: bool) -> Option<AnyView> {
    let order = &admin_order.order;
    let may_ship = admin_order.standing().may_ship();
    if order.kind != OrderKind::Goods || (admin_order.shipment.is_none() && !may_ship) {
        return None;
    }
    let shipment = admin_order.shipment.clone();
    let known = shipment.clone().map(|shipment| {
        view! {
            <p>
                {shipment.carrier} " " <strong>{shipment.tracking_no}</strong>
                <span class="muted">" " {time(shipment.shipped_ms)} " " {shipment.who}</span>
            </p>
        }
    });
    let (carrier, number) =
        shipment.map_or_else(Default::default, |shipment| (shipment.carrier, shipment.tracking_no));
    let is_shipped = !number.is_empty();
    let form = (has_right && may_ship).then(|| {
        view! {
            <form method="post" action=format!("/console/orders/{}/ship", order.id) class="row">
                <label>"快递公司" <input name="carrier" list="carriers" required maxlength="40" value=carrier/></label>
                <datalist id="carriers">
                    {["顺丰速运", "中通快递", "圆通速递", "申通快递", "韵达快递", "极兔速递", "京东快递", "邮政 EMS"]
                        .map(|name| view! { <option value=name></option> })}
                </datalist>
                <label>"运单号" <input name="tracking_no" required maxlength="40" value=number/></label>
                <button class="primary">{if is_shipped { "修改物流" } else { "发货" }}</button>
            </form>
        }
    });
    Some(view! { <section class="panel"><h2>"物流"</h2>{known}{form}</section> }.into_any())
}

/// The form for the amount and the reason of a refund. The next page confirms the refund. If the order has several payments,
/// the title has the number of this one.
fn refund_form(id: &str, payment: &AttemptRecord, has_several_payments: bool) -> AnyView {
    let (refundable, number) = (payment.refundable(), payment.out_trade_no.to_string());
    let title = if has_several_payments { format!("退款：付款 {number}") } else { "退款".to_owned() };
    view! {
        <section class="panel">
            <h2>{title}</h2>
            <form method="get" action=format!("/console/orders/{id}/refund") class="row">
                <input type="hidden" name="payment" value=number/>
                <label>
                    {format!("金额（元，最多 {refundable}）")}
                    <input name="fee" inputmode="decimal" required value=refundable.to_string()/>
                </label>
                <label class="wide">
                    "原因（买家会在微信里看到，最多 26 个汉字）"
                    <input name="reason" required maxlength="80"/>
                </label>
                <button>"下一步：确认退款"</button>
            </form>
        </section>
    }
    .into_any()
}

fn items(order: &AdminOrder) -> Option<AnyView> {
    if order.items.is_empty() {
        return None;
    }
    let rows = order
        .items
        .iter()
        .map(|item| {
            let sum = item.price.checked_mul(item.quantity.get()).unwrap_or(Fen::ZERO);
            view! {
                <tr>
                    <td data-label="商品">{item.name.clone()} " " <span class="muted">{item.spec.clone()}</span></td>
                    <td data-label="编号">{item.sku.to_string()}</td>
                    <td data-label="单价" class="number">"¥" {item.price.to_string()}</td>
                    <td data-label="数量" class="number">{item.quantity.to_string()}</td>
                    <td data-label="小计" class="number">"¥" {sum.to_string()}</td>
                </tr>
            }
        })
        .collect_view();
    let head = [("商品", ""), ("编号", ""), ("单价", "number"), ("数量", "number"), ("小计", "number")];
    Some(table("商品", &head, rows))
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
                    <td data-label="退款单号" class="id">{refund.out_refund_no.to_string()}</td>
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
    Some(view! { {table("退款记录", &head, rows)} {requests} }.into_any())
}

fn attempts(order: &AdminOrder) -> Option<AnyView> {
    if order.attempts.is_empty() {
        return None;
    }
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
                    <td data-label="商户订单号" class="id">{attempt.out_trade_no.to_string()}</td>
                    <td data-label="微信支付单号" class="id">{transaction}</td>
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
    Some(view! { {table("支付记录", &head, rows)} {requests} }.into_any())
}

/// The request that the shop sent to WeChat, without its secrets.
fn sent_request(number: &str, request: &str) -> Option<AnyView> {
    (!request.is_empty()).then(|| {
        view! {
            <details class="panel">
                <summary>"发给微信的请求 " {number.to_owned()}</summary>
                <pre tabindex="0">{masked(request)}</pre>
            </details>
        }
        .into_any()
    })
}

fn events(order: &AdminOrder) -> AnyView {
    let rows = order
        .events
        .iter()
        .map(|event| {
            view! {
                <tr>
                    <td data-label="时间">{time(event.at_ms)}</td>
                    <td data-label="事件">{event_word(event.what)}</td>
                    <td data-label="来源">{source_word(event.who)}</td>
                    <td data-label="单号" class="id">{event.out_trade_no.as_ref().map(ToString::to_string)}</td>
                    <td data-label="说明" class="text">{detail_words(&event.detail)}</td>
                </tr>
            }
        })
        .collect_view();
    table("订单动态", &[("时间", ""), ("事件", ""), ("来源", ""), ("单号", ""), ("说明", "")], rows)
}

fn table(
    title: &'static str,
    head: &[(&'static str, &'static str)],
    rows: impl IntoView + 'static,
) -> AnyView {
    let head =
        head.iter().map(|(name, class)| view! { <th scope="col" class=*class>{*name}</th> }).collect_view();
    view! {
        <section class="panel">
            <h2>{title}</h2>
            <table class="list">
                <caption class="hidden">{title}</caption>
                <thead><tr>{head}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}
