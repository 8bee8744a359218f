use leptos::prelude::*;
use model::Fen;

use super::Price;
use crate::{
    inline::Script,
    islands::PayButton,
    messages::{self, t},
    raw_text::InlineScript,
};

/// The button that pays an order, for its form, and below it what is wrong.
#[component]
pub(crate) fn Pay(fee: Fen) -> impl IntoView {
    view! {
        <div class="pay">
            <button class="button primary">{t(messages::PAY)} " " <Price fen=fee/></button>
            <p class="problem" role="alert"></p>
            <PayButton/>
            <InlineScript script=Script::Payer/>
        </div>
    }
}
