use leptos::prelude::*;
use model::{
    Fen,
    order::{DeliveryProgress, OrderKind},
    payment::AttemptState,
    record::{AttemptRecord, ItemRecord, OrderRecord},
};
use shop::{AdminOrder, Right, Settings};

use super::{
    abnormal_refund::abnormal_refunds,
    after_sale::after_sale_section,
    complaints::complaints_of_order,
    correct_address::correct_address,
    delivery_report::delivery_report,
    discrepancies::discrepancy_section,
    event_detail::event_words,
    invoice::invoice_section,
    language::{t, tf},
    layout::{Head, page},
    messages::{event_word, kind_word, source_word, standing_word, state_word, time},
    order_messages::order_messages,
    packing::{address_changed, how_to_print, sender},
    payments::payments,
    ship_until::{ShipUntil, ship_until},
    shipping::{is_pickup, shipping},
    typed_form::TypedForm,
};

/// One order: its goods and what there is to do with it, then its events, then its payments. `typed`: a form that the shop
/// refused. `settings`: what the shop promises, and its name for a delivery note. `return_address`: where shoppers send goods, if it
/// is configured. A staff member who may not read everything sees the goods, the recipient and the parcels.
#[must_use]
pub fn order_page(
    head: &Head<'_>,
    order: &AdminOrder,
    typed: Option<&TypedForm>,
    (settings, now_ms): (&Settings, i64),
    return_address: &str,
) -> String {
    let id = order.order.id.to_string();
    let role = head.staff.role;
    let reads_all = role.may(Right::Read);
    let after_sales = reads_all.then(|| {
        let newest_first = order.after_sales.iter().rev();
        newest_first
            .map(|asked| after_sale_section(order, asked, role.may(Right::Refund), return_address))
            .collect_view()
    });
    let (typed_parcel, typed_address) = match typed {
        Some(TypedForm::Parcel(typed)) => (Some(typed), None),
        Some(TypedForm::Address(typed)) => (None, Some(typed)),
        None => (None, None),
    };
    let waits = order.progress().delivery == DeliveryProgress::ToShip && order.shipment.is_none();
    let to_correct = order.delivery.as_ref().filter(|_| waits && role.may(Right::Ship));
    let body = view! {
        <section class="panel order">
            {goods(order, reads_all, settings)}
            {facts(order, ShipUntil::of(settings, now_ms))}
            {to_correct.map(|delivery| correct_address(&order.order.id, delivery, typed_address))}
        </section>
        {after_sales}
        {role.may(Right::Refund).then(|| abnormal_refunds(order))}
        {shipping(order, role, typed_parcel)}
        {delivery_report(order, role.may(Right::Ship))}
        {reads_all.then(|| order.invoice.as_ref().map(|invoice| invoice_section(invoice, role.may(Right::Invoice))))}
        {reads_all.then(|| complaints_of_order(&order.complaints))}
        {role.may(Right::Refund).then(|| refund_forms(&id, order))}
        {(reads_all && !order.discrepancies.is_empty()).then(|| {
            let all = order.discrepancies.iter().map(|known| discrepancy_section(known, role.may(Right::Resolve))).collect_view();
            view! { <section class="panel no-print"><h2>{t("对账差异", "Discrepancies")}</h2>{all}</section> }
        })}
        {reads_all.then(|| view! { {events(order)} {order_messages(order)} {payments(order)} })}
        {role.may(Right::Privacy).then(|| view! { <p class="no-print"><a href=format!("/console/orders/{id}/shopper")>{t("导出或删除这位买家的信息", "Copy or erase this buyer's data")}</a></p> })}
        <p class="muted no-print">{t("轻点灰底的内容即可选中并复制。需要发货单时，", "One tap selects a grey value, to copy it. For the delivery note: ")} {how_to_print()}</p>
    };
    page(head, "/console/orders", &tf!("订单 {id}", "Order {id}"), body)
}

/// The goods with their pictures. Their prices only if `shows_money` is true.
fn goods(order: &AdminOrder, shows_money: bool, settings: &Settings) -> AnyView {
    let lines = order.items.iter().map(|item| line(order, item, shows_money)).collect_view();
    let pieces: i64 = order.items.iter().map(|item| item.quantity.get()).sum();
    let sum = if shows_money {
        let parts = price_parts(&order.order);
        let count = (!order.items.is_empty()).then(|| tf!("共 {pieces} 件，", "pieces: {pieces}, "));
        let total = order.order.total_fee.to_string();
        view! { {parts} <p class="sum">{count} {t("合计 ", "total ")} <strong>"¥" {total}</strong></p> }
            .into_any()
    } else {
        view! { <p class="sum">{tf!("共 {pieces} 件", "pieces: {pieces}")}</p> }.into_any()
    };
    view! {
        <div class="goods">
            <h2 class="print-only">{t("发货单", "Delivery note")}</h2>
            <p class="print-only">{sender(settings)}</p>
            <ul>{lines}</ul>
            {sum}
        </div>
    }
    .into_any()
}

/// The parts of the price. `None` if the order has neither a delivery cost nor a reduction.
fn price_parts(order: &OrderRecord) -> Option<AnyView> {
    let (freight, reduction) = (order.freight_fee, order.reduction_fee);
    let goods = Fen(order.total_fee.0 - freight.0 + reduction.0);
    let mut words = tf!("商品 ¥{goods}", "Products ¥{goods}");
    if freight > Fen::ZERO {
        words += &tf!(" · 运费 ¥{freight}", " · Delivery fee ¥{freight}");
    }
    if reduction > Fen::ZERO {
        words += &tf!(" · 优惠 −¥{reduction}", " · Discount −¥{reduction}");
    }
    if order.balance_fee > Fen::ZERO {
        let (balance, wechat) = (order.balance_fee, order.wechat_fee());
        words += &tf!(
            " · 余额支付 ¥{balance}，微信支付 ¥{wechat}",
            " · ¥{balance} from the balance, ¥{wechat} with WeChat Pay"
        );
    }
    (goods != order.total_fee || order.balance_fee > Fen::ZERO)
        .then(|| view! { <p class="sum muted">{words}</p> }.into_any())
}

fn line(order: &AdminOrder, item: &ItemRecord, shows_money: bool) -> AnyView {
    let left = item.to_send(&order.after_sales);
    let left = (order.shipment.is_none() && left != item.quantity.get()).then(|| {
        let gone = item.quantity.get() - left;
        let words = if is_pickup(order) {
            tf!("取消 {gone} 件，还要交付 ×{left}", "{gone} cancelled, to hand over: ×{left}")
        } else {
            tf!("取消 {gone} 件，还要发货 ×{left}", "{gone} cancelled, to ship: ×{left}")
        };
        view! { <span class="tag warn">{words}</span> }
    });
    let quantity = view! { <strong>{item.quantity.to_string()}</strong> };
    let number = if shows_money {
        let sum = item.price.checked_mul(item.quantity.get()).unwrap_or(Fen::ZERO);
        view! {
            <span>"¥" {item.price.to_string()} " × " {quantity}</span>
            <span class="muted">"¥" {sum.to_string()}</span>
        }
        .into_any()
    } else {
        view! { <span>"× " {quantity}</span> }.into_any()
    };
    view! {
        <li>
            <img src=item.picture.clone() alt="" width="56" height="56" loading="lazy"/>
            <div class="what">
                <span>{item.name.clone()} " " <span class="muted">{item.spec.clone()}</span></span>
                <span class="id muted">{item.sku.to_string()}</span>
                {left}
            </div>
            <div class="number">{number}</div>
        </li>
    }
    .into_any()
}

/// The state of the order, and the recipient.
fn facts(admin_order: &AdminOrder, until: ShipUntil) -> AnyView {
    let order = &admin_order.order;
    let delivery = admin_order.delivery.clone();
    let note = delivery.as_ref().map(|delivery| delivery.note.clone()).filter(|note| !note.is_empty());
    let person = delivery.clone().filter(|delivery| !delivery.name.is_empty() || !delivery.phone.is_empty());
    let changed = delivery.as_ref().and_then(address_changed);
    let address = delivery.map(|delivery| delivery.address).filter(|address| !address.is_empty());
    let pickup = is_pickup(admin_order);
    let waits = admin_order.progress().delivery == DeliveryProgress::ToShip;
    let until = until.of_order(order.paid_ms.filter(|_| waits)).map(ship_until);
    let kind = (order.kind != OrderKind::Goods)
        .then(|| view! { <dt>{t("类型", "Type")}</dt><dd>{kind_word(order.kind)}</dd> });
    view! {
        <dl class="facts">
            <dt>{t("状态", "Status")}</dt>
            <dd class="tags">
                <span class=format!("tag {}", order.state)>{state_word(order.state)}</span>
                {delivery_word(admin_order).map(|(class, word)| view! { <span class=class>{word}</span> })}
                {standing_word(admin_order.standing()).map(|word| view! { <span class="tag warn">{word}</span> })}
            </dd>
            {kind}
            {person
                .map(|person| {
                    view! {
                        <dt>{if pickup { t("取货人", "Collected by") } else { t("收货人", "Recipient") }}</dt>
                        <dd><span class="copy">{person.name}</span> " " <span class="copy">{person.phone}</span></dd>
                    }
                })}
            {address.map(|address| view! { <dt>{t("地址", "Address")}</dt><dd><span class="copy">{address}</span> {changed}</dd> })}
            {pickup.then(|| view! { <dt>{t("配送", "Delivery")}</dt><dd>{t("到店自取", "Store pickup")}</dd> })}
            {note.map(|note| view! { <dt>{t("买家备注", "Buyer's note")}</dt><dd class="text note">{note}</dd> })}
            <dt>{t("下单时间", "Placed")}</dt><dd>{time(order.created_ms)}</dd>
            {order.paid_ms.map(|ms| view! { <dt>{t("支付时间", "Paid")}</dt><dd>{time(ms)}</dd> })}
            {until.map(|until| view! { <dt class="no-print">{t("发货期限", "To ship by")}</dt><dd class="no-print">{until}</dd> })}
        </dl>
    }
    .into_any()
}

/// The class and the word of the tag of the delivery.
fn delivery_word(order: &AdminOrder) -> Option<(&'static str, &'static str)> {
    match order.progress().delivery {
        DeliveryProgress::Nothing => None,
        DeliveryProgress::ToShip => Some(("tag warn", t("待发货", "To ship"))),
        DeliveryProgress::ToCollect => Some(("tag warn", t("待取货", "To collect"))),
        DeliveryProgress::Shipped => Some(("tag", t("已发货", "Shipped"))),
        DeliveryProgress::Received => Some(("tag", t("已收货", "Received"))),
        DeliveryProgress::Collected => Some(("tag", t("已取货", "Collected"))),
    }
}

/// A form for each payment with money left. A payment has no form while an after-sale waits for staff or for a parcel:
/// staff refund it there.
fn refund_forms(id: &str, order: &AdminOrder) -> AnyView {
    let is_open = order.after_sales.iter().any(|asked| asked.state.is_open());
    let answered = order.payment(None).filter(|_| is_open).map(|payment| &payment.out_trade_no);
    let paid = order.attempts.iter().filter(|attempt| attempt.state == AttemptState::Paid).count();
    order
        .refundable_payments()
        .filter(|payment| Some(&payment.out_trade_no) != answered)
        .map(|payment| refund_form(id, payment, paid > 1))
        .collect_view()
        .into_any()
}

/// The form for the amount and the reason of a refund, folded. The next page confirms the refund. If the order has several
/// payments, the title has the number of this one.
fn refund_form(id: &str, payment: &AttemptRecord, has_several_payments: bool) -> AnyView {
    let (refundable, number) = (payment.refundable(), payment.out_trade_no.to_string());
    let title = if has_several_payments {
        tf!("退款：付款 {number}", "Refund: payment {number}")
    } else {
        t("主动退款", "Refund the buyer").to_owned()
    };
    view! {
        <details class="panel fold no-print">
            <summary><strong>{title}</strong> " " <span class="muted">{tf!("可退 ¥{refundable}", "up to ¥{refundable}")}</span></summary>
            <form method="get" action=format!("/console/orders/{id}/refund") class="row">
                <input type="hidden" name="payment" value=number/>
                <label>
                    {tf!("金额（元，最多 {refundable}）", "Amount (yuan, at most {refundable})")}
                    <input name="fee" inputmode="decimal" autocomplete="off" required/>
                </label>
                <label class="wide">
                    {t("原因（买家会在微信里看到，最多 26 个汉字）", "Reason (the buyer sees it in WeChat; at most 80 letters)")}
                    <input name="reason" required maxlength="80"/>
                </label>
                <button>{t("下一步：确认退款", "Next: confirm the refund")}</button>
            </form>
        </details>
    }
    .into_any()
}

fn events(order: &AdminOrder) -> AnyView {
    let rows = order
        .events
        .iter()
        .map(|event| {
            view! {
                <tr>
                    <td data-column="time" data-label=t("时间", "Time")>{time(event.at_ms)}</td>
                    <td data-column="event" data-label=t("事件", "Event")>{event_word(event.kind)}</td>
                    <td data-column="source" data-label=t("来源", "Source")>{source_word(event.source)}</td>
                    <td data-column="number" data-label=t("单号", "Number") class="id">{event.out_trade_no.as_ref().map(ToString::to_string)}</td>
                    <td data-column="detail" data-label=t("说明", "Details") class="text">{event_words(event, &order.items)}</td>
                </tr>
            }
        })
        .collect_view();
    let head = [
        (t("时间", "Time"), ""),
        (t("事件", "Event"), ""),
        (t("来源", "Source"), ""),
        (t("单号", "Number"), ""),
        (t("说明", "Details"), ""),
    ];
    view! { <section class="panel no-print">{table(t("订单动态", "History"), "list events", &head, rows)}</section> }
        .into_any()
}

/// A table with a title. `class` says how the table looks on a phone.
pub(super) fn table(
    title: &'static str,
    class: &'static str,
    head: &[(&'static str, &'static str)],
    rows: impl IntoView + 'static,
) -> AnyView {
    let head =
        head.iter().map(|(name, class)| view! { <th scope="col" class=*class>{*name}</th> }).collect_view();
    view! {
        <h2>{title}</h2>
        <table class=class>
            <caption class="hidden">{title}</caption>
            <thead><tr>{head}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}
