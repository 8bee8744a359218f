use leptos::prelude::*;
use shop::{Address, Shop};

use super::{delivery::AddressFields, suspended_page::SuspendedPage};
use crate::{
    Visitor,
    components::Layout,
    islands::WechatAddress,
    messages::{self, t},
};

/// The shopper's saved addresses.
#[component]
pub(super) fn AddressesPage() -> impl IntoView {
    let (shop, visitor) = (expect_context::<Shop>(), expect_context::<Visitor>());
    view! {
        <SuspendedPage load=async move {
            // outside WeChat a session starts with the first save
            let addresses = match visitor.session {
                Some(shopper) => shop.checkout().addresses(&shopper).await?,
                None => Vec::new(),
            };
            Ok(show(addresses))
        }/>
    }
}

fn show(addresses: Vec<Address>) -> AnyView {
    let is_empty = addresses.is_empty();
    let saved = addresses
        .into_iter()
        .map(|address| {
            let to = address.recipient;
            view! {
                <form class="panel cell" method="post" action="/addresses/delete">
                    <span class="delivery-text">
                        <strong>{to.name.clone()} " " {to.phone.clone()}</strong>
                        <span class="muted">{to.address()}</span>
                    </span>
                    <button class="link inline" name="id" value=address.id>{t(messages::DELETE)}</button>
                </form>
            }
        })
        .collect_view();
    view! {
        <Layout title=t(messages::ADDRESSES).to_owned() tab="/me">
            <h1 class="page-title">{t(messages::ADDRESSES)}</h1>
            {is_empty.then(|| view! { <p class="empty">{t(messages::NO_ADDRESSES)}</p> })}
            {saved}
            <form class="panel new-address-form" method="post" action="/addresses">
                <h2>{t(messages::ADD_ADDRESS)}</h2>
                <WechatAddress>{t(messages::WECHAT_ADDRESS)}</WechatAddress>
                <AddressFields required=true/>
                <button class="button primary wide">{t(messages::SAVE)}</button>
            </form>
        </Layout>
    }
    .into_any()
}
