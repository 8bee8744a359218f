//! The shipment of an order: what is known, and the form that records it.

use leptos::prelude::*;
use model::order::OrderKind;
use shop::{AdminOrder, COLLECTED};

use super::{language::t, messages::time};

/// The carriers that the form suggests.
const CARRIERS: [&str; 8] =
    ["顺丰速运", "中通快递", "圆通速递", "申通快递", "韵达快递", "极兔速递", "京东快递", "邮政 EMS"];

/// Whether the shopper collects the order.
pub(super) fn is_pickup(order: &AdminOrder) -> bool {
    order.order.kind == OrderKind::Goods
        && order.delivery.as_ref().is_none_or(|delivery| delivery.address.is_empty())
}

/// The shipment of an order of goods; nothing for a top-up, and while the order may not be sent.
pub(super) fn shipping(admin_order: &AdminOrder, has_right: bool) -> Option<AnyView> {
    let order = &admin_order.order;
    let may_ship = admin_order.standing().may_ship();
    if order.kind != OrderKind::Goods || (admin_order.shipment.is_none() && !may_ship) {
        return None;
    }
    let known = admin_order.shipment.clone().map(|shipment| {
        let is_collected = (shipment.carrier.as_str(), shipment.tracking_no.as_str()) == COLLECTED;
        let parcel = if is_collected {
            view! { {t("买家已取货", "The buyer has collected it")} }.into_any()
        } else {
            view! { {shipment.carrier} " " <strong class="copy">{shipment.tracking_no}</strong> }.into_any()
        };
        view! {
            <p>
                {parcel}
                <span class="muted">" " {time(shipment.shipped_ms)} " " {shipment.who}</span>
            </p>
        }
    });
    let (is_shipped, is_pickup) = (admin_order.shipment.is_some(), is_pickup(admin_order));
    let form = (has_right && may_ship).then(|| match (is_pickup, is_shipped) {
        (true, true) => ().into_any(),
        (true, false) => handover(admin_order),
        (false, true) => {
            let form = parcel(admin_order);
            view! { <details class="no-print"><summary>{t("修改物流", "Correct the parcel")}</summary>{form}</details> }.into_any()
        }
        (false, false) => parcel(admin_order),
    });
    // the goods stay here while a shopper wants the money back
    let waits = !is_shipped
        && admin_order.refund_application.as_ref().is_some_and(|request| request.state.is_waiting());
    let form = if waits && form.is_some() {
        view! {
            <p class="muted">{t("买家正在申请退款：请先答复上面的申请。", "The buyer asks for a refund: please answer the request above first.")}</p>
            <details class="no-print"><summary>{t("仍然要发货", "Ship it all the same")}</summary>{form}</details>
        }
        .into_any()
    } else {
        form.into_any()
    };
    let title = match (is_pickup, is_shipped) {
        (true, _) => t("到店自取", "Store pickup"),
        (false, true) => t("物流", "Parcel"),
        (false, false) => t("发货", "Ship"),
    };
    // a delivery note says the parcel, not what is left to do
    let class = if is_shipped { "panel" } else { "panel no-print" };
    Some(view! { <section class=class><h2>{title}</h2>{known}{form}</section> }.into_any())
}

/// The form for the carrier and the tracking number.
fn parcel(admin_order: &AdminOrder) -> AnyView {
    let (carrier, number) = admin_order
        .shipment
        .clone()
        .map_or_else(Default::default, |shipment| (shipment.carrier, shipment.tracking_no));
    let word = if admin_order.shipment.is_some() {
        t("保存物流", "Save the parcel")
    } else {
        t("发货", "Ship")
    };
    view! {
        <form method="post" action=format!("/console/orders/{}/ship", admin_order.order.id) class="row no-print">
            <label>{t("快递公司", "Carrier")} <input name="carrier" list="carriers" required maxlength="40" value=carrier/></label>
            <datalist id="carriers">{CARRIERS.map(|name| view! { <option value=name></option> })}</datalist>
            <label>{t("运单号", "Tracking number")} <input name="tracking_no" required maxlength="40" autocomplete="off" value=number/></label>
            <button class="primary">{word}</button>
        </form>
    }
    .into_any()
}

/// The form for an order that the shopper collects.
fn handover(admin_order: &AdminOrder) -> AnyView {
    let (carrier, number) = COLLECTED;
    view! {
        <form method="post" action=format!("/console/orders/{}/ship", admin_order.order.id) class="row no-print">
            <input type="hidden" name="carrier" value=carrier/>
            <input type="hidden" name="tracking_no" value=number/>
            <p class="muted">{t("买家到店取货，不用寄快递。交货后请点一下。", "The buyer collects the order. Tap after you have handed it over.")}</p>
            <button class="primary">{t("买家已取货", "The buyer has collected it")}</button>
        </form>
    }
    .into_any()
}
