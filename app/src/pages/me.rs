use leptos::prelude::*;
use model::{Fen, Language};
use shop::{Profile, Shop, ShopError};

use super::suspended_page::SuspendedPage;
use crate::{
    Visitor,
    components::{HelpPanel, Layout, Price},
    messages::{self, t},
};

/// The shopper's profile, with links to the balance, the orders and the addresses.
#[component]
pub(super) fn MePage() -> impl IntoView {
    let (shop, visitor) = (expect_context::<Shop>(), expect_context::<Visitor>());
    view! {
        <SuspendedPage load=async move {
            let (profile, balance) = load(&shop, &visitor).await?;
            Ok(show(&visitor, profile, balance))
        }/>
    }
}

async fn load(shop: &Shop, visitor: &Visitor) -> Result<(Option<Profile>, Option<Fen>), ShopError> {
    let Ok(openid) = visitor.openid() else { return Ok((None, None)) };
    Ok((shop.identity().profile(openid).await?, Some(shop.checkout().balance(openid).await?)))
}

fn show(visitor: &Visitor, profile: Option<Profile>, balance: Option<Fen>) -> AnyView {
    let known = profile.is_some();
    let ask = visitor.in_wechat && !known;
    let (name, picture) = match profile {
        Some(profile) => (profile.nickname, profile.headimgurl),
        None if visitor.in_wechat => (t(messages::WECHAT_USER).to_owned(), String::new()),
        None => (t(messages::GUEST).to_owned(), String::new()),
    };
    let other = match visitor.language {
        Language::Chinese => "en",
        Language::English => "zh",
    };
    let is_guest = visitor.session.as_ref().map(|shopper| shopper.openid().is_none());
    view! {
        <Layout title=t(messages::ME).to_owned() tab="/me">
            <section class="panel me">
                {(!picture.is_empty()).then(|| view! { <img src=picture alt="" width="64" height="64"/> })}
                <h1>{name}</h1>
            </section>
            {ask
                .then(|| {
                    view! {
                        // only after a tap: a request without a tap would open WeChat's snapshot page
                        <a class="panel cell" href="/api/wechat/redirect?scope=snsapi_userinfo&callback=%2Fme">
                            {t(messages::PROFILE_HINT)}
                            <span class="muted">"›"</span>
                        </a>
                    }
                })}
            {balance
                .map(|balance| {
                    view! {
                        <a class="panel cell" href="/wallet">
                            {t(messages::BALANCE)}
                            <Price fen=balance/>
                        </a>
                    }
                })}
            <a class="panel cell" href="/orders">{t(messages::MY_ORDERS)} <span class="muted">"›"</span></a>
            <a class="panel cell" href="/addresses">{t(messages::ADDRESSES)} <span class="muted">"›"</span></a>
            <HelpPanel/>
            <form class="panel" method="post" action="/language">
                <button class="link" name="to" value=other lang=other>{t(messages::LANGUAGE)}</button>
            </form>
            {is_guest
                .map(|is_guest| {
                    let hint = is_guest.then(|| view! { <p class="muted">{t(messages::LOG_OUT_GUEST)}</p> });
                    view! {
                        <form class="panel" method="post" action="/log-out">
                            <button class="link">{t(messages::LOG_OUT)}</button>
                            {hint}
                        </form>
                    }
                })}
        </Layout>
    }
    .into_any()
}
