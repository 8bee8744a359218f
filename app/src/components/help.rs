use leptos::prelude::*;
use shop::Shop;

use crate::messages::{self, t};

/// Whether the shop says how to reach it.
pub(crate) fn has_help() -> bool {
    let shop = expect_context::<Shop>();
    let help = &shop.settings().help;
    help.phone.is_some() || help.url.is_some()
}

/// How to reach the shop: telephone, hours and WeChat's customer service. It shows only what is configured.
#[component]
pub(crate) fn HelpPanel() -> impl IntoView {
    has_help().then(|| {
        let help = expect_context::<Shop>().settings().help.clone();
        view! {
            <section class="panel facts help" id="help">
                <h2>{t(messages::HELP)}</h2>
                {help
                    .phone
                    .map(|phone| {
                        let href = format!("tel:{}", phone.replace(' ', ""));
                        view! { <p>{t(messages::TELEPHONE)} " " <a href=href>{phone}</a></p> }
                    })}
                {help.url.map(|url| view! { <p><a href=url>{t(messages::WECHAT_SERVICE)}</a></p> })}
                {help.hours.map(|hours| view! { <p class="muted">{messages::labelled(messages::HOURS, &hours)}</p> })}
            </section>
        }
    })
}
