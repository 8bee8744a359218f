use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use shop::{Address, Shop, ShopError};

use super::{PageStyle, delivery_fields::AddressFields, suspended_page::SuspendedPage};
use crate::{
    Visitor,
    components::{Done, EmptyState, Icon, Layout, Summary},
    islands::WechatAddress,
    messages::{self, t},
};

/// The shopper's saved addresses. With `?edit=ID` the form changes one of them.
#[component]
pub(super) fn AddressesPage() -> impl IntoView {
    let (shop, visitor) = (expect_context::<Shop>(), expect_context::<Visitor>());
    let edit = use_query_map().get_untracked().get("edit");
    view! {
        <SuspendedPage load=async move {
            // outside WeChat a session starts with the first save
            let addresses = match visitor.session {
                Some(shopper) => shop.checkout().addresses(&shopper).await?,
                None => Vec::new(),
            };
            match edit {
                Some(id) => {
                    let address = addresses.into_iter().find(|address| address.id == id);
                    Ok(show_one(address.ok_or(ShopError::NotFound)?))
                }
                None => Ok(show(addresses)),
            }
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
                        {match address.is_default {
                            true => view! { <span class="default">{t(messages::DEFAULT_ADDRESS)}</span> }.into_any(),
                            false => view! {
                                <button class="link inline" formaction="/addresses/default" name="id" value=address.id.clone()>
                                    {t(messages::MAKE_DEFAULT)}
                                </button>
                            }
                                .into_any(),
                        }}
                    </span>
                    <a class="link inline" href=format!("/addresses?edit={}", address.id)>{t(messages::EDIT)}</a>
                    <details class="inline">
                        <summary class="link inline">{t(messages::DELETE)}</summary>
                        <button class="button" name="id" value=address.id>{t(messages::DELETE_FOR_SURE)}</button>
                    </details>
                </form>
            }
        })
        .collect_view();
    view! {
        <Layout title=t(messages::ADDRESSES).to_owned() tab="/me" styles=&[PageStyle::Form]>
            <h1 class="page-title">{t(messages::ADDRESSES)}</h1>
            <Done/>
            {is_empty
                .then(|| view! { <EmptyState icon=Icon::Pin text=t(messages::NO_ADDRESSES)>""</EmptyState> })}
            {saved}
            <form class="panel form new-address-form" method="post" action="/addresses">
                <h2>{t(messages::ADD_ADDRESS)}</h2>
                <Summary/>
                <WechatAddress>{t(messages::WECHAT_ADDRESS)}</WechatAddress>
                <AddressFields address=None required=true/>
                <button class="button primary wide">{t(messages::SAVE)}</button>
            </form>
        </Layout>
    }
    .into_any()
}

fn show_one(address: Address) -> AnyView {
    view! {
        <Layout title=t(messages::EDIT_ADDRESS).to_owned() tab="/me" styles=&[PageStyle::Form]>
            <h1 class="page-title">{t(messages::EDIT_ADDRESS)}</h1>
            <form class="panel form new-address-form" method="post" action="/addresses">
                <Summary/>
                <input type="hidden" name="id" value=address.id.clone()/>
                <AddressFields address=Some(address) required=true/>
                <button class="button primary wide">{t(messages::SAVE)}</button>
                <a class="link" href="/addresses">{t(messages::BACK)}</a>
            </form>
        </Layout>
    }
    .into_any()
}
