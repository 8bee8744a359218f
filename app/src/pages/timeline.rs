use leptos::prelude::*;
use model::{after_sale::AfterSaleState, order::DeliveryProgress};
use shop::OrderDetail;

use super::time::shanghai;
use crate::messages::{self, t};

/// The history of an order, newest first.
#[component]
pub(super) fn Timeline(order: OrderDetail) -> impl IntoView {
    let mut steps: Vec<(i64, String)> = vec![(order.created_ms, t(messages::PLACED).to_owned())];
    if let Some(ms) = order.paid_ms {
        steps.push((ms, t(messages::PAID).to_owned()));
    }
    if let Some(ms) = order.closed_ms {
        steps.push((ms, t(messages::CLOSED).to_owned()));
    }
    if let Some(shipment) = &order.shipment {
        if order.progress().delivery == DeliveryProgress::Collected {
            steps.push((shipment.shipped_ms, t(messages::COLLECTED).to_owned()));
        }
        for parcel in &shipment.parcels {
            let step = format!("{} · {} {}", t(messages::SHIPPED), parcel.carrier, parcel.tracking_no);
            steps.push((parcel.shipped_ms, step));
        }
        if let (DeliveryProgress::Received, Some(ms)) = (order.progress().delivery, shipment.received_ms) {
            steps.push((ms, t(messages::RECEIVED).to_owned()));
        }
    }
    for asked in &order.after_sales {
        steps.push((asked.asked_ms, messages::labelled(messages::ASK_FOR_AFTER_SALE, &asked.reason)));
        if let Some(ms) = asked.sent_ms {
            let parcel = format!("{} {}", asked.carrier, asked.tracking_no);
            steps.push((ms, messages::labelled(messages::SENT_BACK, &parcel)));
        }
        if let Some(ms) = asked.received_ms {
            steps.push((ms, t(messages::AFTER_SALE_RECEIVED).to_owned()));
        }
        match (asked.state, asked.answered_ms) {
            (AfterSaleState::Declined, Some(ms)) => {
                steps.push((ms, messages::labelled(messages::REFUND_DECLINED, &asked.answer)));
            }
            (AfterSaleState::Withdrawn, Some(ms)) => {
                steps.push((ms, t(messages::AFTER_SALE_WITHDRAWN).to_owned()));
            }
            _ => {}
        }
    }
    for refund in &order.refunds {
        let what = format!("{} ¥{}", t(messages::refund(refund.state)), refund.refund_fee);
        steps.push((refund.changed_ms, what));
    }
    steps.sort_by_key(|(ms, _)| std::cmp::Reverse(*ms));
    view! {
        <ol class="panel timeline">
            {steps
                .into_iter()
                .map(|(ms, what)| view! { <li><span>{what}</span> <span class="muted">{shanghai(ms)}</span></li> })
                .collect_view()}
        </ol>
    }
}
