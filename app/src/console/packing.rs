//! The orders that wait for a parcel, and the pages that staff print: delivery notes and the pick list.

use leptos::prelude::*;
use model::{Sku, record::DeliveryRecord};
use shop::{OrderToPack, PickLine, Right, Settings, WaitingOrders, pick_list};

use super::{
    language::{t, tf},
    layout::{Head, page},
    messages::time,
    shipping::carrier_list,
};

/// The list of waiting orders, each with a checkbox.
#[must_use]
pub fn packing_page(head: &Head<'_>, waiting: &WaitingOrders) -> String {
    let orders = &waiting.orders;
    let may_ship = head.staff.role.may(Right::Ship);
    let export = may_ship.then(|| {
        view! {
            <form method="post" action="/console/packing/waiting.csv">
                <button>{t("导出全部待发货订单（CSV）", "Export all orders to ship (CSV)")}</button>
            </form>
        }
    });
    let import = may_ship.then(|| {
        view! { <a class="button" href="/console/packing/parcels">{t("导入运单号", "Import tracking numbers")}</a> }
    });
    let next = waiting.last.as_ref().filter(|_| waiting.more).map(|last| {
        let href = format!("/console/packing?after={last}");
        view! { <a class="button" href=href rel="next">{t("下一页（更晚的订单）", "Next page (later orders)")}</a> }
    });
    let list = if orders.is_empty() {
        view! { <p class="empty">{t("没有等待发货的订单", "No orders wait for a parcel")}</p> }.into_any()
    } else {
        let rows = orders.iter().map(|order| order_row(order, may_ship)).collect_view();
        view! {
            <form method="get" action="/console/packing/notes">
                <table class="list packing">
                    <caption class="hidden">{t("待发货的订单，从旧到新", "Orders to ship, oldest first")}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{t("选择", "Choose")}</th>
                            <th scope="col">{t("订单", "Order")}</th>
                            <th scope="col">{t("支付时间", "Paid")}</th>
                            <th scope="col">{t("商品", "Goods")}</th>
                            <th scope="col">{t("收货人", "Recipient")}</th>
                            {may_ship.then(|| view! { <th scope="col">{t("运单号", "Tracking number")}</th> })}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
                <div class="actions">
                    <button class="primary">{t("发货单（打印用）", "Delivery notes (to print)")}</button>
                    <button formaction="/console/packing/pick-list">{t("拣货单（打印用）", "Pick list (to print)")}</button>
                </div>
            </form>
            {may_ship.then(typed_parcels)}
        }
        .into_any()
    };
    let body = view! {
        <p class="muted">{t("寄给买家的已付款订单，从旧到新；到店自取的不在这里。", "Paid orders that go to an address, oldest first. Store pickups are not listed.")}</p>
        {list}
        <div class="actions ends">
            <nav class="actions" aria-label=t("翻页", "Pages")>{next}</nav>
            <div class="actions">{export}{import}</div>
        </div>
    };
    page(head, "/console/orders", t("批量发货", "Ship in batches"), body)
}

/// Says when the address of a paid order was changed: a delivery note may be older.
pub(super) fn address_changed(delivery: &DeliveryRecord) -> Option<AnyView> {
    delivery.changed_ms.map(|ms| {
        let words = tf!("{} 修改了地址", "the address was changed at {}", time(ms));
        view! { <span class="tag warn no-print">{words}</span> }.into_any()
    })
}

/// The carrier of the typed tracking numbers, and the button that checks them.
fn typed_parcels() -> AnyView {
    view! {
        <section class="panel">
            <h2>{t("填写运单号", "Enter tracking numbers")}</h2>
            <p>{t("在上面的列表中填写运单号，再选择快递公司。检查之后，一次发货。", "Enter the tracking numbers in the list above, and choose the carrier. After the check, ship them together.")}</p>
            // the fields in the list belong to this form
            <form method="post" action="/console/packing/typed" id="typed" class="row">
                <label>{t("快递公司", "Carrier")} <input name="carrier" list="carriers" required maxlength="40"/></label>
                {carrier_list()}
                <button>{t("检查", "Check")}</button>
            </form>
        </section>
    }
    .into_any()
}

fn order_row(order: &OrderToPack, may_ship: bool) -> AnyView {
    let id = order.id.to_string();
    let to = &order.delivery;
    let goods =
        order.items.iter().map(|item| item.in_words(item.quantity)).collect::<Vec<_>>().join(t("；", "; "));
    let refund = order
        .wants_refund
        .then(|| view! { " " <span class="tag warn">{t("售后申请", "After-sale requested")}</span> });
    let note = (!to.note.is_empty()).then(|| view! { <br/><span class="muted">{to.note.clone()}</span> });
    view! {
        <tr>
            <td data-column="choose" data-label=t("选择", "Choose")>
                <input
                    type="checkbox"
                    name="order"
                    value=id.clone()
                    checked=!order.wants_refund
                    aria-label=tf!("选择订单 {id}", "Choose order {id}")
                />
            </td>
            <td data-column="order" data-label=t("订单", "Order") class="id">
                <a href=format!("/console/orders/{id}")>{id.clone()}</a>
                {refund}
            </td>
            <td data-column="time" data-label=t("支付时间", "Paid")>{order.paid_ms.map(time)}</td>
            <td data-column="items" data-label=t("商品", "Goods") class="text">{goods}{note}</td>
            <td data-column="to" data-label=t("收货人", "Recipient") class="text">
                {to.name.clone()} " " {to.phone.clone()} <br/> {to.address.clone()} " " {address_changed(to)}
            </td>
            {may_ship.then(|| tracking_input(&id))}
        </tr>
    }
    .into_any()
}

fn tracking_input(id: &str) -> AnyView {
    view! {
        <td data-column="tracking" data-label=t("运单号", "Tracking number")>
            <input
                form="typed"
                name=format!("tracking-{id}")
                maxlength="60"
                autocomplete="off"
                placeholder=t("运单号", "Tracking number")
                aria-label=tf!("订单 {id} 的运单号", "Tracking number of order {id}")
            />
        </td>
    }
    .into_any()
}

/// The delivery notes of these orders, one on each sheet of paper.
#[must_use]
pub fn delivery_notes_page(head: &Head<'_>, orders: &[OrderToPack], settings: &Settings) -> String {
    let notes = orders.iter().map(|order| delivery_note(order, settings)).collect_view();
    let body = view! { {print_hint(orders.len())} {notes} };
    page(head, "/console/orders", t("发货单", "Delivery notes"), body)
}

/// The shop's name and its telephone number, for a buyer who opens the parcel.
pub(super) fn sender(settings: &Settings) -> String {
    let name = &settings.name;
    match &settings.help.phone {
        Some(phone) => tf!("{name}，客服电话 {phone}", "{name}, customer service {phone}"),
        None => name.clone(),
    }
}

fn delivery_note(order: &OrderToPack, settings: &Settings) -> AnyView {
    let to = &order.delivery;
    let rows = order
        .items
        .iter()
        .map(|item| {
            view! {
                <tr>
                    <td>{item.name.clone()}</td>
                    <td>{item.spec.clone()}</td>
                    <td class="number">{item.quantity.to_string()}</td>
                </tr>
            }
        })
        .collect_view();
    let pieces: i64 = order.items.iter().map(|item| item.quantity.get()).sum();
    let note = (!to.note.is_empty()).then(|| {
        view! { <p class="text">{t("买家备注：", "Buyer's note: ")} <strong>{to.note.clone()}</strong></p> }
    });
    view! {
        <section class="panel sheet">
            <h2>{t("发货单", "Delivery note")}</h2>
            <p>{sender(settings)}</p>
            <p><strong>{to.name.clone()} " " {to.phone.clone()}</strong></p>
            <p class="text">{to.address.clone()}</p>
            <p class="muted">
                {t("订单 ", "Order ")} {order.id.to_string()}
                {order.paid_ms.map(|ms| view! { {t("，支付于 ", ", paid ")} {time(ms)} })}
            </p>
            <table class="paper">
                <thead>
                    <tr>
                        <th scope="col">{t("商品", "Goods")}</th>
                        <th scope="col">{t("规格", "Specification")}</th>
                        <th scope="col" class="number">{t("数量", "Quantity")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <p>{tf!("共 {pieces} 件", "{pieces} pieces")}</p>
            {note}
        </section>
    }
    .into_any()
}

/// The pick list: the goods of these orders together.
#[must_use]
pub fn pick_list_page(head: &Head<'_>, orders: &[OrderToPack]) -> String {
    let lines = pick_list(orders);
    let pieces: i64 = lines.iter().map(|line| line.pieces).sum();
    let count = orders.len();
    let picture = |sku: &Sku| {
        let mut items = orders.iter().flat_map(|order| &order.items);
        items.find(|item| item.sku == *sku).map(|item| item.picture.clone()).unwrap_or_default()
    };
    let rows = lines.into_iter().map(|line| picked(picture(&line.sku), line)).collect_view();
    let numbers = orders.iter().map(|order| order.id.to_string()).collect::<Vec<_>>().join(t("、", ", "));
    let body = view! {
        {print_hint(count)}
        <section class="panel sheet">
            <h2>{t("拣货单", "Pick list")}</h2>
            <table class="paper">
                <thead>
                    <tr>
                        <th scope="col">{t("已拣", "Picked")}</th>
                        <th scope="col">{t("图片", "Picture")}</th>
                        <th scope="col">{t("商品", "Goods")}</th>
                        <th scope="col">{t("规格", "Specification")}</th>
                        <th scope="col">{t("货号", "SKU")}</th>
                        <th scope="col" class="number">{t("订单数", "Orders")}</th>
                        <th scope="col" class="number">{t("数量", "Quantity")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <p>{tf!("{count} 个订单，共 {pieces} 件", "{count} orders, {pieces} pieces")}</p>
            <p class="muted">{numbers}</p>
        </section>
    };
    page(head, "/console/orders", t("拣货单", "Pick list"), body)
}

/// A line of the pick list, with a box to tick by hand.
fn picked(picture: String, line: PickLine) -> AnyView {
    view! {
        <tr>
            <td><span class="box"></span></td>
            <td><img src=picture alt="" width="40" height="40"/></td>
            <td>{line.name}</td>
            <td>{line.spec}</td>
            <td class="id">{line.sku.to_string()}</td>
            <td class="number">{line.order_lines.to_string()}</td>
            <td class="number"><strong>{line.pieces.to_string()}</strong></td>
        </tr>
    }
    .into_any()
}

/// How to print a page. It does not name a key, because a phone has none.
pub(super) fn how_to_print() -> AnyView {
    view! {
        {t("用浏览器的打印功能打印本页", "Print this page with your browser")}
        <span class="desk">{t("，电脑上可按 Ctrl+P", "; on a computer press Ctrl+P")}</span>
        {t("。", ".")}
    }
    .into_any()
}

/// The hint above the sheets, only on the screen.
fn print_hint(orders: usize) -> AnyView {
    let text = if orders == 0 {
        t("没有选中可以发货的订单", "None of the chosen orders can be shipped").into_any()
    } else {
        view! { {tf!("{orders} 个订单。", "{orders} orders. ")} {how_to_print()} }.into_any()
    };
    view! {
        <p class="no-print">
            {text} " " <a href="/console/packing">{t("返回批量发货", "Back to the batch")}</a>
        </p>
    }
    .into_any()
}
