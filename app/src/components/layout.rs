use leptos::prelude::*;
use leptos_meta::Meta;
use shop::Shop;

use crate::{
    inline::Script,
    islands::{JsSdk, LoginGate},
    messages::{self, t},
    raw_text::{InlineScript, PageTitle},
};

/// The card that WeChat shows when a person sends this page to a friend.
#[derive(Clone, Debug)]
pub(crate) struct Share {
    pub(crate) title: String,
    pub(crate) desc: String,
    /// The path of a picture.
    pub(crate) image: String,
}

/// The parts that every page has: the title, the login, the JS-SDK and the navigation at the bottom.
#[component]
pub(crate) fn Layout(
    /// The page's title.
    title: String,
    /// What a share of the page shows. The default is the shop.
    #[prop(optional_no_strip)]
    share: Option<Share>,
    /// The path of the current tab.
    #[prop(optional)]
    tab: &'static str,
    /// Leaves the tabs out: the page has its own button at the bottom.
    #[prop(optional)]
    without_tabs: bool,
    children: Children,
) -> impl IntoView {
    let settings = expect_context::<Shop>().settings().clone();
    let share = share.unwrap_or_else(|| Share {
        title: settings.name.clone(),
        desc: t(messages::SHOP_SHARED).to_owned(),
        image: "/pictures/shop.svg".to_owned(),
    });
    let image = format!("{}{}", settings.public_url, share.image);
    view! {
        <PageTitle text=title/>
        <Meta name="description" content=share.desc.clone()/>
        <div data-share-title=share.title data-share-desc=share.desc data-share-image=image>
            <JsSdk/>
        </div>
        <LoginGate>
            {t(messages::LOGIN_FAILED)}
            <a href="/api/wechat/redirect?scope=snsapi_base&callback=%2F">{t(messages::LOGIN_TAP)}</a>
        </LoginGate>
        <main>{children()}</main>
        {(!without_tabs).then(|| view! { <Tabs tab/> })}
    }
}

#[component]
fn Tabs(tab: &'static str) -> impl IntoView {
    let tabs = [
        ("/", messages::HOME),
        ("/cart", messages::CART),
        ("/orders", messages::MY_ORDERS),
        ("/me", messages::ME),
    ];
    view! {
        <nav class="tabs">
            {tabs
                .map(|(href, name)| {
                    let current = (href == tab).then_some("page");
                    view! { <a href=href aria-current=current>{t(name)}</a> }
                })}
        </nav>
        <InlineScript script=Script::CartBadge/>
    }
}
