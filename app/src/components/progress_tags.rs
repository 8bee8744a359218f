use leptos::prelude::*;
use model::{
    LocalizedText,
    order::{DeliveryProgress, OrderProgress, PaymentProgress, RefundProgress},
};

use crate::messages::{self, t};

/// The progress of an order: a tag for each of payment, delivery and refund.
#[component]
pub(crate) fn ProgressTags(
    progress: OrderProgress,
    /// Whether each tag has a label.
    #[prop(optional)]
    labelled: bool,
) -> impl IntoView {
    let payment = match progress.payment {
        PaymentProgress::Awaiting => "tag wait",
        PaymentProgress::Cancelling | PaymentProgress::Closed => "tag",
        PaymentProgress::Paid => "tag good",
    };
    let refund = match progress.refund {
        RefundProgress::Nothing | RefundProgress::Partly(_) | RefundProgress::Fully => "tag",
        RefundProgress::Requested | RefundProgress::Processing => "tag wait",
    };
    let tag = |label, class: &'static str, word: String| {
        view! {
            <span class="progress">
                {labelled.then(|| view! { <span class="muted">{t(label)}</span> })}
                <strong class=class>{word}</strong>
            </span>
        }
    };
    view! {
        <div class="progress-tags">
            {tag(messages::PAYMENT_STATE, payment, t(messages::payment(progress.payment)).to_owned())}
            {messages::delivery(progress.delivery)
                .map(|word| tag(delivery_label(progress.delivery), "tag", t(word).to_owned()))}
            {messages::refund_state(progress.refund).map(|word| tag(messages::REFUND_STATE, refund, word))}
        </div>
    }
}

/// The label of the tag of the delivery.
const fn delivery_label(delivery: DeliveryProgress) -> LocalizedText {
    match delivery {
        DeliveryProgress::ToCollect | DeliveryProgress::Collected => messages::STEP_COLLECT,
        DeliveryProgress::Nothing
        | DeliveryProgress::ToShip
        | DeliveryProgress::Shipped
        | DeliveryProgress::Received => messages::DELIVERY_STATE,
    }
}
