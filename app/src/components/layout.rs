use std::sync::LazyLock;

use leptos::prelude::*;
use leptos_meta::Meta;
use model::LocalizedText;
use shop::Shop;

use crate::{
    inline::Script,
    islands::{JsSdk, LoginGate},
    messages::{self, t},
    pages::PageStyle,
    raw_text::{InlineScript, PageSheet, PageTitle},
};

use super::{Icon, IconView, LegalFooter, static_view::StaticView};

/// The card that WeChat shows when a person sends this page to a friend.
#[derive(Clone, Debug)]
pub(crate) struct Share {
    pub(crate) title: String,
    pub(crate) desc: String,
    /// The path of a picture.
    pub(crate) image: String,
}

/// The parts of all pages: the title, the login, the JS-SDK, the operator of the shop, and the navigation at the
/// bottom.
#[component]
pub(crate) fn Layout(
    /// The page's title.
    title: String,
    /// What WeChat shows for a shared link to the page. The default is the shop.
    #[prop(optional_no_strip)]
    share: Option<Share>,
    /// The path of the current tab.
    #[prop(optional)]
    tab: &'static str,
    /// Hides the tabs, because the page has its own button at the bottom.
    #[prop(optional)]
    without_tabs: bool,
    /// The style sheets of this page, in addition to the common one.
    #[prop(optional)]
    styles: &'static [PageStyle],
    children: Children,
) -> impl IntoView {
    // the lists are the first pages that load, so they contain only what they need
    let is_list = styles == [PageStyle::List];
    let shop = expect_context::<Shop>();
    let settings = shop.settings();
    let share = share.unwrap_or_else(|| Share {
        title: settings.name.clone(),
        desc: t(messages::SHOP_SHARED).to_owned(),
        image: "/pictures/shop.svg".to_owned(),
    });
    let image = format!("{}{}", settings.public_url, share.image);
    view! {
        {styles.iter().map(|style| view! { <PageSheet style=*style/> }).collect_view()}
        <PageTitle text=title/>
        <Meta name="description" content=share.desc.clone()/>
        <div data-share-title=share.title data-share-desc=share.desc data-share-image=image>
            <JsSdk/>
        </div>
        <LoginGate>
            {t(messages::LOGIN_FAILED)}
            <a href="/api/wechat/redirect?scope=snsapi_base&callback=%2F">{t(messages::LOGIN_TAP)}</a>
        </LoginGate>
        <main>{children()} <LegalFooter/></main>
        {(!is_list).then(|| view! { <OfflineHint/> })}
        {(!without_tabs).then(|| view! { <Tabs tab/> })}
    }
}

/// The hint that there is no network. The script `Offline` shows it.
#[component]
fn OfflineHint() -> impl IntoView {
    static HTML: LazyLock<StaticView> = LazyLock::new(|| {
        StaticView::render(|| {
            view! {
                <p class="offline" id="offline" role="status" hidden>
                    <IconView icon=Icon::NoNetwork/>
                    {t(messages::OFFLINE)}
                </p>
                <InlineScript script=Script::Offline/>
            }
        })
    });
    HTML.show()
}

#[component]
fn Tabs(tab: &'static str) -> impl IntoView {
    // one for each current tab, and one without
    static HTML: LazyLock<[StaticView; TABS.len() + 1]> =
        LazyLock::new(|| std::array::from_fn(|current| StaticView::render(|| tabs(current))));

    HTML[TABS.iter().position(|(href, ..)| *href == tab).unwrap_or(TABS.len())].show()
}

/// The tabs: path, icon and word.
const TABS: [(&str, Icon, LocalizedText); 4] = [
    ("/", Icon::Home, messages::HOME),
    ("/cart", Icon::Cart, messages::CART),
    ("/orders", Icon::Orders, messages::ORDERS_TAB),
    ("/me", Icon::Person, messages::ME),
];

/// The tabs. `current`: the position of the current one.
fn tabs(current: usize) -> impl RenderHtml {
    let tabs = TABS.into_iter().enumerate().map(|(at, (href, icon, name))| {
        let current = (at == current).then_some("page");
        // the visible word is short, so that four fit on a small phone
        let label = (href == "/orders").then(|| t(messages::MY_ORDERS));
        view! { <a href=href aria-current=current aria-label=label><IconView icon/>{t(name)}</a> }
    });
    view! {
        <nav class="tabs">{tabs.collect_view()}</nav>
        <InlineScript script=Script::CartBadge/>
    }
}
