//! The shipment of an order: its parcels, and the forms that record parcels.

use leptos::prelude::*;
use model::{
    delivery::MAX_PARCELS,
    order::OrderKind,
    record::{ParcelRecord, ShipmentRecord},
};
use shop::{AdminOrder, CARRIERS, ParcelForm, Right, Role, query_page};

use super::{
    language::{t, tf},
    messages::time,
    typed_form::TypedParcel,
};

/// Whether the shopper collects the order.
pub(super) fn is_pickup(order: &AdminOrder) -> bool {
    order.order.kind == OrderKind::Goods
        && order.delivery.as_ref().is_none_or(|delivery| delivery.address.is_empty())
        && order.shipment.as_ref().is_none_or(|shipment| shipment.parcels.is_empty())
}

/// The panel of the shipment. `None` for a top-up, or if the order may not be sent.
pub(super) fn shipping(admin_order: &AdminOrder, role: Role, typed: Option<&TypedParcel>) -> Option<AnyView> {
    let order = &admin_order.order;
    let may_ship = admin_order.standing().may_ship();
    if order.kind != OrderKind::Goods || (admin_order.shipment.is_none() && !may_ship) {
        return None;
    }
    let (is_shipped, is_pickup) = (admin_order.shipment.is_some(), is_pickup(admin_order));
    let has_right = role.may(Right::Ship) && may_ship;
    let known = admin_order.shipment.as_ref().map(|shipment| known(admin_order, shipment, has_right, typed));
    let form = has_right.then(|| match (is_pickup, is_shipped) {
        (true, true) => ().into_any(),
        (true, false) => handover(admin_order),
        (false, _) => new_parcel(admin_order, typed),
    });
    // do not send the goods while a shopper asks for the money back
    let waits = !is_shipped && admin_order.after_sales.iter().any(|one| one.state.waits_for_staff());
    let all_the_same = if is_pickup {
        t("仍要交付", "Hand it over all the same")
    } else {
        t("仍要发货", "Ship it all the same")
    };
    let first = if role.may(Right::Read) {
        t(
            "买家正在申请售后：请先处理上面的售后申请。",
            "The buyer asks for money back: please answer the request above first.",
        )
    } else {
        t(
            "买家正在申请售后：请等店主处理后再发货。",
            "The buyer asks for money back: please wait until the owner has answered.",
        )
    };
    let form = if waits && form.is_some() {
        view! {
            <p class="muted">{first}</p>
            <details class="no-print" open=typed.is_some()><summary>{all_the_same}</summary>{form}</details>
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
    // a printed delivery note shows the parcels, not the open tasks
    let class = if is_shipped { "panel" } else { "panel no-print" };
    Some(
        view! {
            <section class=class>
                <h2>{title}</h2>
                {carrier_list()}
                {known}
                {form}
            </section>
        }
        .into_any(),
    )
}

/// The carriers that a field with `list="carriers"` proposes.
pub(super) fn carrier_list() -> AnyView {
    let carriers = CARRIERS.map(|carrier| view! { <option value=carrier.name>{carrier.id}</option> });
    view! { <datalist id="carriers">{carriers.collect_view()}</datalist> }.into_any()
}

/// The sent parcels, each with the form that corrects it. Also says whether more parcels follow, and whether the
/// shopper has confirmed the receipt.
fn known(
    order: &AdminOrder,
    shipment: &ShipmentRecord,
    has_right: bool,
    typed: Option<&TypedParcel>,
) -> AnyView {
    let parcels =
        shipment.parcels.iter().map(|parcel| known_parcel(order, parcel, has_right, typed)).collect_view();
    let collected = shipment.parcels.is_empty().then(|| {
        view! {
            <p>
                {t("买家已取货", "The buyer has collected it")}
                <span class="muted">" " {time(shipment.shipped_ms)} " " {shipment.who.clone()}</span>
            </p>
        }
    });
    let more = (!shipment.is_complete).then(|| {
        let finish = has_right.then(|| {
            view! {
                <form method="post" action=format!("/console/orders/{}/finish", order.order.id) class="row no-print">
                    <button>{t("没有其他包裹了", "No parcel follows")}</button>
                </form>
            }
        });
        view! { <p><span class="tag warn">{t("还有包裹没有发出", "More parcels follow")}</span></p>{finish} }
    });
    let received = shipment.received_ms.filter(|_| !shipment.parcels.is_empty());
    let received = received
        .map(|ms| view! { <p class="muted">{t("买家已收货 ", "Received by the buyer ")} {time(ms)}</p> });
    view! { {collected} {parcels} {more} {received} }.into_any()
}

fn known_parcel(
    order: &AdminOrder,
    parcel: &ParcelRecord,
    has_right: bool,
    typed: Option<&TypedParcel>,
) -> AnyView {
    let typed = typed.filter(|typed| typed.form.is_correction && typed.form.position == parcel.position);
    let form = has_right.then(|| {
        let form = typed.map_or_else(
            || ParcelForm {
                position: parcel.position,
                is_correction: true,
                carrier: parcel.carrier.clone(),
                tracking_no: parcel.tracking_no.clone(),
                more_follow: false,
            },
            |typed| typed.form.clone(),
        );
        let fields = fields(order, &form, typed, t("保存物流", "Save the parcel"));
        view! {
            <details class="no-print" open=typed.is_some()>
                <summary>{t("修改物流", "Correct the parcel")}</summary>
                {fields}
            </details>
        }
    });
    let track = query_page(parcel).map(|href| {
        let words = tf!("在{}官网查询", "Ask {}", parcel.carrier);
        view! { " " <a class="no-print" href=href rel="noreferrer noopener">{words}</a> }
    });
    view! {
        <div>
            <p>
                {parcel.carrier.clone()} " " <strong class="copy">{parcel.tracking_no.clone()}</strong>
                <span class="muted">" " {time(parcel.shipped_ms)} " " {parcel.who.clone()}</span>
                {track}
            </p>
            {form}
        </div>
    }
    .into_any()
}

/// The form for the next parcel. After the first parcel it is folded.
fn new_parcel(order: &AdminOrder, typed: Option<&TypedParcel>) -> AnyView {
    let sent = order.shipment.as_ref().map_or(0, |shipment| shipment.parcels.len());
    if sent >= MAX_PARCELS {
        return view! {
            <p class="muted">{tf!("已发 {MAX_PARCELS} 个包裹，这是微信允许的最大数量", "{MAX_PARCELS} parcels are sent: WeChat allows no more")}</p>
        }
        .into_any();
    }
    let typed = typed.filter(|typed| !typed.form.is_correction);
    let position = i64::try_from(sent).unwrap_or(0) + 1;
    let form = ParcelForm { position, ..typed.map(|typed| typed.form.clone()).unwrap_or_default() };
    let fields = fields(order, &form, typed, t("发货", "Ship"));
    if sent == 0 {
        return fields;
    }
    view! {
        <details class="no-print" open=typed.is_some()>
            <summary>{t("再发一个包裹", "Send another parcel")}</summary>
            {fields}
        </details>
    }
    .into_any()
}

/// The fields of a parcel, with their mistakes.
fn fields(order: &AdminOrder, form: &ParcelForm, typed: Option<&TypedParcel>, word: &'static str) -> AnyView {
    let problem = typed
        .filter(|typed| !typed.is_carrier_wrong)
        .map(|typed| view! { <p class="error" role="alert">{typed.problem}</p> });
    let wrong = typed.filter(|typed| typed.is_carrier_wrong);
    let is_wrong = wrong.map(|_| "true");
    let wrong = wrong.map(|typed| view! { <span class="wrong" role="alert">{typed.problem}</span> });
    let more = (!form.is_correction).then(|| {
        view! {
            <label class="check">
                <input type="checkbox" name="more" value="1" checked=form.more_follow/>
                {t("还有其他包裹", "More parcels follow")}
            </label>
        }
    });
    let correct = form.is_correction.then(|| view! { <input type="hidden" name="correct" value="1"/> });
    view! {
        {problem}
        <form method="post" action=format!("/console/orders/{}/ship", order.order.id) class="row no-print">
            <input type="hidden" name="parcel" value=form.position.to_string()/>
            {correct}
            <label>{t("快递公司", "Carrier")} <input name="carrier" list="carriers" required maxlength="40" aria-invalid=is_wrong value=form.carrier.clone()/> {wrong}</label>
            <label>{t("运单号", "Tracking number")} <input name="tracking_no" required maxlength="60" autocomplete="off" value=form.tracking_no.clone()/></label>
            {more}
            <button class="primary">{word}</button>
        </form>
    }
    .into_any()
}

/// The form that hands over an order for pickup.
fn handover(admin_order: &AdminOrder) -> AnyView {
    view! {
        <p class="muted">{t("买家到店取货，不用寄快递。交货后请确认。", "The buyer collects the order. Confirm after you have handed it over.")}</p>
        <details class="no-print">
            <summary class="button primary">{t("买家已取货…", "The buyer has collected it…")}</summary>
            <form method="post" action=format!("/console/orders/{}/hand-over", admin_order.order.id) class="row">
                <p>{t("确认后不能撤销。请核对取货人，再确认。", "This cannot be undone. Check who collects it, then confirm.")}</p>
                <button class="primary">{t("确认取货", "Confirm the handover")}</button>
            </form>
        </details>
    }
    .into_any()
}
