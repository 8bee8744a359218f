use leptos::prelude::*;
use shop::{MessageChannel, Shop};

use crate::{
    Visitor,
    messages::{self, t},
    raw_text::OpenSubscribe,
};

/// Asks a shopper in WeChat to allow the messages about an order: WeChat's own button, because only this button may ask. Nothing
/// without configured subscriptions, and nothing in a mini program, which asks by itself.
#[component]
pub(super) fn AskForMessages() -> impl IntoView {
    let (shop, visitor) = (expect_context::<Shop>(), expect_context::<Visitor>());
    let templates = shop.messages().templates_to_ask_for(MessageChannel::Official);
    (visitor.in_wechat && !visitor.in_miniprogram && !templates.is_empty()).then(|| {
        view! {
            <section class="panel" data-testid="ask-for-messages">
                <p>{t(messages::ALLOW_MESSAGES_HINT)}</p>
                <OpenSubscribe templates=templates.join(",") label=t(messages::ALLOW_MESSAGES)/>
            </section>
        }
    })
}
