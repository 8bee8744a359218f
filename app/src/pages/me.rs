use leptos::prelude::*;
use model::{
    Fen, Language,
    order::{OrderTab, TabCounts},
};
use shop::{Profile, Shop, ShopError};

use super::{PageStyle, delivery_fees::DeliveryFeesLink, suspended_page::SuspendedPage};
use crate::{
    Visitor,
    components::{HelpPanel, Icon, IconView, Layout, Price},
    messages::{self, t},
};

/// The page 我的: the shopper's profile, with links to the balance, the orders and the addresses.
#[component]
pub(super) fn MePage() -> impl IntoView {
    let (shop, visitor) = (expect_context::<Shop>(), expect_context::<Visitor>());
    view! {
        <SuspendedPage load=async move {
            let (profile, balance) = load(&shop, &visitor).await?;
            let counts = match &visitor.session {
                Some(shopper) => shop.orders().tab_counts(shopper).await?,
                None => TabCounts::default(),
            };
            let login = shop.identity().has_website().then(|| visitor.desk_login("/me")).flatten();
            let joins = match &visitor.openid {
                Some(openid) if visitor.in_wechat && profile.is_some() => {
                    shop.identity().can_be_joined(openid).await?
                }
                _ => false,
            };
            Ok(show(&visitor, login, joins, profile, balance, counts))
        }/>
    }
}

async fn load(shop: &Shop, visitor: &Visitor) -> Result<(Option<Profile>, Option<Fen>), ShopError> {
    let Ok(openid) = visitor.openid() else { return Ok((None, None)) };
    let balance = shop.checkout().balance(visitor.shopper()?).await?;
    Ok((shop.identity().profile(openid).await?, Some(balance)))
}

fn show(
    visitor: &Visitor,
    login: Option<String>,
    joins: bool,
    profile: Option<Profile>,
    balance: Option<Fen>,
    counts: TabCounts,
) -> AnyView {
    let known = profile.is_some();
    let ask = if visitor.in_wechat && !known {
        Some(messages::PROFILE_HINT)
    } else {
        joins.then_some(messages::JOIN_HINT)
    };
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
        <Layout title=t(messages::ME).to_owned() tab="/me" styles=&[PageStyle::Me]>
            <section class="panel me">
                // the icon stays visible if the picture does not load
                <span class="avatar">
                    <IconView icon=Icon::Person/>
                    {(!picture.is_empty()).then(|| view! { <img src=picture alt="" width="64" height="64"/> })}
                </span>
                <h1>{name}</h1>
            </section>
            {ask
                .map(|hint| {
                    view! {
                        // only after a tap: without a tap WeChat would open its preview page (快照页)
                        <a class="panel cell" href="/api/wechat/redirect?scope=snsapi_userinfo&callback=%2Fme">
                            {t(hint)}
                            <IconView icon=Icon::Chevron/>
                        </a>
                    }
                })}
            {login
                .map(|login| {
                    view! {
                        <a class="panel cell" href=login>
                            {t(messages::SCAN_TO_LOG_IN)}
                            <IconView icon=Icon::Chevron/>
                        </a>
                    }
                })}
            <section class="panel my-orders">
                <a class="cell" href="/orders">{t(messages::MY_ORDERS)} <IconView icon=Icon::Chevron/></a>
                <nav class="states" aria-label=t(messages::MY_ORDERS)>
                    {[OrderTab::ToPay, OrderTab::ToShip, OrderTab::Shipped, OrderTab::Refund]
                        .map(|tab| view! { <StateLink tab count=counts.of(tab)/> })
                        .collect_view()}
                </nav>
            </section>
            {balance
                .map(|balance| {
                    view! {
                        <a class="panel cell" href="/wallet">
                            <span class="with-icon"><IconView icon=Icon::Wallet/> {t(messages::BALANCE)}</span>
                            <span class="with-icon"><Price fen=balance/> <IconView icon=Icon::Chevron/></span>
                        </a>
                    }
                })}
            <a class="panel cell" href="/addresses">
                <span class="with-icon"><IconView icon=Icon::Pin/> {t(messages::ADDRESSES)}</span>
                <IconView icon=Icon::Chevron/>
            </a>
            <DeliveryFeesLink/>
            <a class="panel cell" href="/me/privacy">{t(messages::PRIVACY)} <IconView icon=Icon::Chevron/></a>
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

/// A link to the orders of one state, with their number.
#[component]
fn StateLink(tab: OrderTab, count: Option<i64>) -> impl IntoView {
    let icon = match tab {
        OrderTab::All => Icon::Orders,
        OrderTab::ToPay => Icon::Wallet,
        OrderTab::ToShip => Icon::Box,
        OrderTab::Shipped => Icon::Truck,
        OrderTab::Refund => Icon::Refund,
    };
    view! {
        <a href=format!("/orders?tab={}", tab.as_str())>
            <IconView icon/>
            {count.filter(|count| *count > 0).map(|count| view! { <span class="count-badge">{count}</span> })}
            <span>{t(messages::tab(tab))}</span>
        </a>
    }
}
