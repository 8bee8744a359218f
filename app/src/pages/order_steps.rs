use leptos::prelude::*;
use model::order::{DeliveryProgress, OrderProgress, PaymentProgress};

use crate::messages::{self, t};

/// How far an order of goods is: the order, the payment, then the shipping and the receipt, or the pickup. An order that is closed has
/// no steps.
#[component]
pub(super) fn OrderSteps(progress: OrderProgress, is_pickup: bool) -> impl IntoView {
    let is_paid = match progress.payment {
        PaymentProgress::Awaiting => Some(false),
        PaymentProgress::Paid => Some(true),
        PaymentProgress::Cancelling | PaymentProgress::Closed => None,
    };
    is_paid.map(|is_paid| {
        let mut steps = vec![(messages::PLACED, true), (messages::PAYMENT_STATE, is_paid)];
        if is_pickup {
            steps.push((messages::STEP_COLLECT, progress.delivery == DeliveryProgress::Collected));
        } else {
            let is_received = progress.delivery == DeliveryProgress::Received;
            let is_shipped = is_received || progress.delivery == DeliveryProgress::Shipped;
            steps.extend([(messages::STEP_SHIP, is_shipped), (messages::STEP_RECEIVE, is_received)]);
        }
        let current = steps.iter().position(|(_, is_done)| !is_done);
        let steps = (0..)
            .zip(steps)
            .map(|(at, (word, is_done))| {
                let current = (current == Some(at)).then_some("step");
                view! { <li class:done=is_done aria-current=current>{t(word)}</li> }
            })
            .collect_view();
        view! { <ol class="steps">{steps}</ol> }
    })
}
