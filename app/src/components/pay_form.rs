use leptos::prelude::*;
use model::{Fen, OrderId};

use super::Price;
use crate::{
    inline::Script,
    islands::PayButton,
    messages::{self, t},
    raw_text::InlineScript,
};

/// The form that pays an order, at the bottom of the page.
#[component]
pub(crate) fn PayForm(
    order: OrderId,
    fee: Fen,
    /// The content before the button.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <form class="bottom" method="post" action=format!("/orders/{order}/pay")>
            {children.map(|children| children())}
            <PayButton>{t(messages::PAY)} " " <Price fen=fee/></PayButton>
        </form>
        <InlineScript script=Script::Payer/>
    }
}
