use leptos::prelude::*;
use leptos_meta::Title;
use shop::Shop;

use crate::islands::{JsSdk, LoginGate};

/// What is sent when a page is shared.
#[derive(Clone, Debug)]
pub(crate) struct Share {
    pub(crate) title: String,
    pub(crate) desc: String,
    /// Path of a picture.
    pub(crate) image: String,
}

/// What is around every page: the login gate, the JS-SDK, the bar at the bottom.
#[component]
pub(crate) fn Frame(
    /// The page's title.
    title: String,
    /// Other pages share the shop.
    #[prop(optional_no_strip)]
    share: Option<Share>,
    /// Which of the tabs this page is.
    #[prop(optional)]
    tab: &'static str,
    /// A page with a button of its own at the bottom has no bar there.
    #[prop(optional)]
    bare: bool,
    children: Children,
) -> impl IntoView {
    let settings = expect_context::<Shop>().settings().clone();
    let share = share.unwrap_or_else(|| Share {
        title: settings.name.clone(),
        desc: "微信里的小店".to_owned(),
        image: "/pictures/shop.svg".to_owned(),
    });
    let image = format!("{}{}", settings.public_url, share.image);
    view! {
        <Title text=title/>
        <div data-share-title=share.title data-share-desc=share.desc data-share-image=image>
            <JsSdk/>
        </div>
        <LoginGate>
            <p class="hint" data-hint="outside" hidden>"请在微信中打开本店：复制网址发送给微信好友或“文件传输助手”，再点开即可购买。"</p>
            <p class="hint" data-hint="login" hidden>
                "登录没有成功。"
                <a href="/api/wechat/redirect?scope=snsapi_base&callback=%2F">"点此重新登录"</a>
            </p>
        </LoginGate>
        <main class:bare=bare>{children()}</main>
        {(!bare)
            .then(|| {
                view! {
                    <nav class="tabs">
                        {[("/", "首页"), ("/orders", "我的订单")]
                            .map(|(href, name)| {
                                let current = (href == tab).then_some("page");
                                view! { <a href=href aria-current=current>{name}</a> }
                            })}
                    </nav>
                }
            })}
    }
}
