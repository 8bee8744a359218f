use leptos::prelude::*;
use model::record::{ParcelRecord, ShipmentRecord};
use shop::{OrderDetail, ShopError, query_page};

use super::{
    PageStyle,
    order::{CopyButton, order_page, redirect_to_order},
    time::shanghai,
};
use crate::{
    components::{ConfirmReceipt, HelpPanel, Icon, IconView, Layout},
    inline::Script,
    messages::{self, t},
    raw_text::InlineScript,
};

/// The parcels of an order. Each has its carrier, its tracking number, what the shop knows about it, and a link to the
/// carrier's page.
#[component]
pub(super) fn ParcelsPage() -> impl IntoView {
    order_page(|order| match order.shipment.clone() {
        _ if !order.is_own => Err(ShopError::NotFound),
        Some(shipment) if !shipment.parcels.is_empty() => Ok(show(&order, shipment)),
        _ => Ok(redirect_to_order(&order.id)),
    })
}

fn show(order: &OrderDetail, shipment: ShipmentRecord) -> AnyView {
    let page = format!("/orders/{}", order.id);
    let confirm = order.may_confirm_receipt().then(|| {
        view! {
            <section class="panel">
                <ConfirmReceipt page=page.clone()/>
                <p class="muted">{t(messages::CONFIRM_RECEIPT_HINT)}</p>
            </section>
        }
    });
    let (more, received) = (!shipment.is_complete, shipment.received_ms);
    let parcels = shipment.parcels.into_iter().map(parcel).collect_view();
    let to = order.delivery.clone().map(|to| {
        view! {
            <div class="parcel-row">
                <IconView icon=Icon::Pin/>
                <div class="delivery-text">
                    <strong>{to.name} " " {to.phone}</strong>
                    <span class="muted">{to.address}</span>
                </div>
            </div>
        }
    });
    view! {
        <Layout title=t(messages::PARCEL).to_owned() tab="/orders" styles=&[PageStyle::Order]>
            <h1 class="page-title">{t(messages::PARCEL)}</h1>
            <section class="panel parcel">
                {parcels}
                {more.then(|| view! { <p class="muted">{t(messages::MORE_PARCELS)}</p> })}
                {received.map(|ms| view! { <p class="muted">{t(messages::RECEIVED_AT)} " " {shanghai(ms)}</p> })}
                {to}
            </section>
            {confirm}
            <HelpPanel/>
            <p class="more"><a href=page>{t(messages::BACK_TO_ORDER)}</a></p>
            <InlineScript script=Script::OrderPage/>
        </Layout>
    }
    .into_any()
}

fn parcel(parcel: ParcelRecord) -> AnyView {
    let link = query_page(&parcel).map(|href| {
        view! {
            <a href=href rel="noreferrer noopener">{messages::ask_carrier(&parcel.carrier)}</a>
        }
    });
    view! {
        <div class="parcel-row">
            <IconView icon=Icon::Truck/>
            <div class="delivery-text">
                <strong>{parcel.carrier.clone()}</strong>
                <span class="muted">
                    {t(messages::TRACKING_NUMBER)} " " <span class="copy">{parcel.tracking_no}</span>
                    <CopyButton/>
                </span>
                <span class="muted">{t(messages::SHIPPED_AT)} " " {shanghai(parcel.shipped_ms)}</span>
                {link}
            </div>
        </div>
    }
    .into_any()
}
