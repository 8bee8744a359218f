use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use shop::Shop;

use super::PageStyle;
use crate::{
    components::{Card, EmptyState, Icon, Layout},
    messages::{self, t},
};

/// The search field.
#[component]
pub(super) fn SearchForm(text: String) -> impl IntoView {
    view! {
        <form class="search" action="/search" role="search">
            <input
                type="search"
                name="q"
                value=text
                maxlength="60"
                placeholder=t(messages::SEARCH_GOODS)
                aria-label=t(messages::SEARCH_GOODS)
            />
            <button class="button">{t(messages::SEARCH)}</button>
        </form>
    }
}

/// The page with the result of a search.
#[component]
pub(super) fn SearchPage() -> impl IntoView {
    let text = use_query_map().get_untracked().get("q").unwrap_or_default();
    let shop = expect_context::<Shop>();
    let found = shop.products().catalogue().search(&text, &shop.settings().synonyms);
    let count = match found.products.len() {
        0 if text.trim().is_empty() => t(messages::SEARCH_HINT).to_owned(),
        0 => t(messages::NOTHING_FOUND).to_owned(),
        _ if found.is_similar => messages::found_similar(text.trim()),
        found => messages::found(found),
    };
    let is_empty = found.products.is_empty() && !text.trim().is_empty();
    view! {
        <Layout title=t(messages::SEARCH).to_owned() tab="/" styles=&[PageStyle::List]>
            <h1 class="page-title">{t(messages::SEARCH)}</h1>
            <SearchForm text/>
            <p class="found" role="status">{count}</p>
            {is_empty
                .then(|| {
                    view! {
                        <EmptyState icon=Icon::Search text="">
                            <a class="button" href="/">{t(messages::BROWSE)}</a>
                        </EmptyState>
                    }
                })}
            <div class="grid">
                {found.products.into_iter().map(|product| view! { <Card product/> }).collect_view()}
            </div>
        </Layout>
    }
}
