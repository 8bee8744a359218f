use leptos::prelude::*;
use model::freight::FreightRule;
use shop::Shop;

use super::PageStyle;
use crate::{
    components::{HelpPanel, Icon, IconView, Layout},
    messages::{self, t},
};

/// The page with the rules of the delivery cost, in words.
#[component]
pub(super) fn DeliveryFeesPage() -> impl IntoView {
    let catalogue = expect_context::<Shop>().products().catalogue();
    let rules = catalogue.freight().0.clone();
    let has_everywhere = rules.is_empty() || rules.iter().any(FreightRule::is_default);
    view! {
        <Layout title=t(messages::DELIVERY_FEES).to_owned() styles=&[PageStyle::Form]>
            <h1 class="page-title">{t(messages::DELIVERY_FEES)}</h1>
            <section class="panel facts">
                {rules.is_empty().then(|| view! { <p>{t(messages::FREE)}</p> })}
                {rules.into_iter().map(|rule| view! { <Rule rule/> }).collect_view()}
                {(!has_everywhere).then(|| view! { <p class="muted">{t(messages::NO_DELIVERY_ELSEWHERE)}</p> })}
            </section>
            <HelpPanel/>
        </Layout>
    }
}

#[component]
fn Rule(rule: FreightRule) -> impl IntoView {
    let place = match rule.is_default() {
        true => t(messages::OTHER_REGIONS).to_owned(),
        false => rule.provinces.join(" "),
    };
    view! {
        <div>
            <p>
                <strong>{place}</strong>
            </p>
            <p>{messages::freight_rule(&rule)}</p>
        </div>
    }
}

/// The link to the rules, with the rule for most places. It shows nothing if the delivery is free everywhere.
#[component]
pub(super) fn DeliveryFeesLink() -> impl IntoView {
    usual_fee(&expect_context::<Shop>()).map(|words| {
        view! {
            <a class="panel cell" href="/delivery-fees">
                <span>{t(messages::DELIVERY_FEE)}</span>
                <span class="muted fee-words">{words}</span>
                <IconView icon=Icon::Chevron/>
            </a>
        }
    })
}

/// The delivery cost in most places, in words. `None` if the delivery is free everywhere.
pub(super) fn usual_fee(shop: &Shop) -> Option<String> {
    let catalogue = shop.products().catalogue();
    let rules = &catalogue.freight().0;
    let words =
        messages::freight_rule(rules.iter().find(|rule| rule.is_default()).or_else(|| rules.first())?);
    Some(if rules.len() > 1 { messages::with_exceptions(&words) } else { words })
}
