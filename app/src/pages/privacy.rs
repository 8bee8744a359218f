use leptos::prelude::*;
use model::{LocalizedText, erasure::ErasureObstacle};
use shop::Shop;

use super::{PageStyle, suspended_page::SuspendedPage};
use crate::{
    Visitor,
    components::{EmptyState, HelpPanel, Icon, IconView, Layout},
    messages::{self, t},
};

/// The page about the shopper's data, with the links to its copy and its erasure.
#[component]
pub(super) fn PrivacyPage() -> impl IntoView {
    let is_known = expect_context::<Visitor>().session.is_some();
    let kept =
        [messages::KEPT_PROFILE, messages::KEPT_ADDRESSES, messages::KEPT_ORDERS, messages::KEPT_MESSAGES]
            .map(|line| view! { <p>{t(line)}</p> })
            .collect_view();
    let actions = is_known.then(|| {
        view! {
            <a class="panel cell" href="/me/privacy/data">
                {t(messages::MY_DATA)}
                <IconView icon=Icon::Chevron/>
            </a>
            <a class="panel cell" href="/me/privacy/erase">
                {t(messages::ERASE_MY_DATA)}
                <IconView icon=Icon::Chevron/>
            </a>
        }
    });
    let nothing = (!is_known).then(|| view! { <p class="panel">{t(messages::NOTHING_KEPT)}</p> });
    view! {
        <Layout title=t(messages::PRIVACY).to_owned() tab="/me" styles=&[PageStyle::Me]>
            <h1 class="page-title">{t(messages::PRIVACY)}</h1>
            <section class="panel facts">
                <h2>{t(messages::WHAT_IS_KEPT)}</h2>
                {kept}
            </section>
            {actions}
            {nothing}
            <HelpPanel/>
            <p class="more"><a href="/me">{t(messages::BACK)}</a></p>
        </Layout>
    }
}

/// The confirmation of the erasure, or the list of the obstacles to it.
#[component]
pub(super) fn ErasePage() -> impl IntoView {
    let (shop, visitor) = (expect_context::<Shop>(), expect_context::<Visitor>());
    view! {
        <SuspendedPage load=async move {
            let Some(shopper) = visitor.session else {
                leptos_axum::redirect("/me/privacy");
                return Ok(().into_any());
            };
            Ok(show(shop.privacy().obstacles(&shopper).await?))
        }/>
    }
}

fn show(obstacles: Vec<ErasureObstacle>) -> AnyView {
    let body = if obstacles.is_empty() {
        view! {
            <form class="panel form" method="post" action="/me/privacy/erase">
                <p>{t(messages::ERASE_WHAT)}</p>
                <p class="muted">{t(messages::ERASE_KEEPS)}</p>
                <button class="button wide" name="confirm" value="1">{t(messages::ERASE_FOR_SURE)}</button>
                <a class="link" href="/me/privacy">{t(messages::BACK)}</a>
            </form>
        }
        .into_any()
    } else {
        let lines = obstacles.into_iter().map(|each| {
            let (sentence, href, word) = obstacle(each);
            view! {
                <p>{t(sentence)} " " {href.map(|href| view! { <a href=href>{t(word)}</a> })}</p>
            }
        });
        view! {
            <section class="panel facts">
                <h2>{t(messages::ERASE_NOT_YET)}</h2>
                {lines.collect_view()}
            </section>
            <p class="more"><a href="/me/privacy">{t(messages::BACK)}</a></p>
        }
        .into_any()
    };
    view! {
        <Layout title=t(messages::ERASE_MY_DATA).to_owned() tab="/me" styles=&[PageStyle::Me]>
            <h1 class="page-title">{t(messages::ERASE_MY_DATA)}</h1>
            {body}
        </Layout>
    }
    .into_any()
}

/// The page after the erasure. The shopper is logged out.
#[component]
pub(super) fn ErasedPage() -> impl IntoView {
    view! {
        <Layout title=t(messages::ERASED).to_owned() tab="/me">
            <EmptyState icon=Icon::Check text=t(messages::ERASED_HINT)>
                <a class="button primary" href="/">{t(messages::GO_HOME)}</a>
            </EmptyState>
        </Layout>
    }
}

/// What must end before the erasure, and the link to the page where the shopper can do this.
const fn obstacle(obstacle: ErasureObstacle) -> (LocalizedText, Option<&'static str>, LocalizedText) {
    let orders = messages::MY_ORDERS;
    match obstacle {
        ErasureObstacle::Unpaid => (messages::ERASE_UNPAID, Some("/orders?tab=to_pay"), orders),
        ErasureObstacle::Undelivered => (messages::ERASE_UNDELIVERED, Some("/orders"), orders),
        ErasureObstacle::Refund => (messages::ERASE_REFUND, Some("/orders?tab=refund"), orders),
        ErasureObstacle::Balance => (messages::ERASE_BALANCE, Some("/wallet"), messages::BALANCE),
        ErasureObstacle::Complaint => (messages::ERASE_COMPLAINT, None, orders),
        ErasureObstacle::Discrepancy => (messages::ERASE_DISCREPANCY, None, orders),
    }
}
