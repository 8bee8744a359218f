use leptos::prelude::*;
use shop::{ConsentMoment, MessageChannel, Shop};

use crate::{
    Visitor,
    inline::Script,
    messages::{self, t},
    raw_text::{InlineScript, OpenSubscribe},
};

/// Asks a shopper in WeChat to allow the messages of this moment. It is WeChat's own button, because no other button
/// may ask. It shows nothing without configured templates, and in a mini program, which asks by itself.
#[component]
pub(super) fn AskForMessages(moment: ConsentMoment) -> impl IntoView {
    let (shop, visitor) = (expect_context::<Shop>(), expect_context::<Visitor>());
    let templates = shop.messages().templates_to_ask_for(moment, MessageChannel::Official);
    let (hint, label) = match moment {
        ConsentMoment::Payment => (messages::ALLOW_MESSAGES_HINT, messages::ALLOW_MESSAGES),
        ConsentMoment::AfterSale => {
            (messages::ALLOW_AFTER_SALE_MESSAGES_HINT, messages::ALLOW_AFTER_SALE_MESSAGES)
        }
    };
    (visitor.in_wechat && !visitor.in_miniprogram && !templates.is_empty()).then(|| {
        view! {
            <section class="panel" data-testid="ask-for-messages">
                <p data-allowed=t(messages::MESSAGES_ALLOWED)>{t(hint)}</p>
                <OpenSubscribe templates=templates.join(",") label=t(label)/>
                <InlineScript script=Script::AskForMessages/>
            </section>
        }
    })
}
