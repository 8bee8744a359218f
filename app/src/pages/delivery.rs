use leptos::prelude::*;
use shop::{Address, MAX_NOTE_CHARS, OrderDetail, Shop};

use super::{
    order::{redirect_to_order, visible_order},
    params::order_id,
    suspended_page::SuspendedPage,
};
use crate::{
    Visitor,
    components::Layout,
    inline::Script,
    islands::WechatAddress,
    messages::{self, t},
    raw_text::{InlineScript, TextArea},
};

/// The delivery of an unpaid order: a saved address, a new address or pickup, and a note to the shop.
#[component]
pub(super) fn DeliveryPage() -> impl IntoView {
    let (shop, visitor, id) = (expect_context::<Shop>(), expect_context::<Visitor>(), order_id());
    view! {
        <SuspendedPage load=async move {
            let order = visible_order(shop.orders(), &visitor, &id?).await?;
            if !(order.is_own && order.state.is_payable()) {
                return Ok(redirect_to_order(&order.id));
            }
            let addresses = shop.checkout().addresses(visitor.shopper()?).await?;
            Ok(show(order, addresses))
        }/>
    }
}

fn show(order: OrderDetail, addresses: Vec<Address>) -> AnyView {
    let pickup = expect_context::<Shop>().settings().pickup.clone();
    let delivery = order.delivery;
    let chosen = delivery.as_ref().filter(|delivery| !delivery.address.is_empty()).and_then(|delivery| {
        addresses.iter().find(|address| {
            let to = &address.recipient;
            to.name == delivery.name && to.phone == delivery.phone && to.address() == delivery.address
        })
    });
    let chosen = match chosen {
        Some(address) => address.id.clone(),
        None if pickup.is_some() && delivery.is_some() => "pickup".to_owned(),
        None => "new".to_owned(),
    };
    let note = delivery.map(|delivery| delivery.note).unwrap_or_default();
    let saved = addresses
        .into_iter()
        .map(|address| {
            let checked = address.id == chosen;
            let to = address.recipient;
            view! {
                <label class="spec address">
                    <input type="radio" name="to" value=address.id checked=checked/>
                    <span class="delivery-text">
                        <strong>{to.name.clone()} " " {to.phone.clone()}</strong>
                        <span class="muted">{to.address()}</span>
                    </span>
                </label>
            }
        })
        .collect_view();
    view! {
        <Layout title=t(messages::DELIVERY).to_owned() without_tabs=true>
            <h1 class="page-title">{t(messages::DELIVERY)}</h1>
            <form class="delivery-form" method="post" action=format!("/orders/{}/delivery", order.id)>
                <section class="panel">
                    <fieldset>
                        <legend>{t(messages::ADDRESS)}</legend>
                        {saved}
                        <label class="spec">
                            <input type="radio" name="to" value="new" checked=chosen == "new"/>
                            <span>{t(messages::NEW_ADDRESS)}</span>
                        </label>
                        <div class="new-address">
                            <WechatAddress>{t(messages::WECHAT_ADDRESS)}</WechatAddress>
                            <AddressFields required=false/>
                        </div>
                        {pickup
                            .map(|place| {
                                view! {
                                    <label class="spec address">
                                        <input type="radio" name="to" value="pickup" checked=chosen == "pickup"/>
                                        <span class="delivery-text">
                                            <strong>{t(messages::PICKUP)}</strong>
                                            <span class="muted">{place}</span>
                                        </span>
                                    </label>
                                }
                            })}
                    </fieldset>
                </section>
                <section class="panel">
                    <label class="field">
                        <span>{t(messages::NOTE_TO_SHOP)}</span>
                        <TextArea name="note" rows=3 maxlength=MAX_NOTE_CHARS value=note/>
                    </label>
                </section>
                <div class="bottom">
                    <a class="button" href=format!("/orders/{}/confirm", order.id)>{t(messages::BACK)}</a>
                    <button class="button primary">{t(messages::SAVE)}</button>
                </div>
            </form>
            <InlineScript script=Script::DeliveryForm/>
        </Layout>
    }
    .into_any()
}

/// The fields of an address, with the names that browsers fill in.
#[component]
pub(super) fn AddressFields(
    /// Whether the browser requires each field.
    required: bool,
) -> impl IntoView {
    let field = |name: &'static str, label, autocomplete: &'static str, kind: &'static str, longest: u8| {
        view! {
            <label class="field">
                <span>{t(label)}</span>
                <input
                    type=kind
                    name=name
                    autocomplete=autocomplete
                    maxlength=longest.to_string()
                    required=required
                />
            </label>
        }
    };
    view! {
        {field("name", messages::RECIPIENT, "name", "text", 30)}
        {field("phone", messages::PHONE, "tel", "tel", 20)}
        {field("region", messages::REGION, "address-level1", "text", 60)}
        {field("detail", messages::STREET_ADDRESS, "street-address", "text", 120)}
    }
}
