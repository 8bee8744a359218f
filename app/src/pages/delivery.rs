use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shop::{Address, LONGEST_NOTE, OrderDetail, Shop};

use super::{
    message::failed,
    order::{lead_to_order, own_order},
};
use crate::{
    Visitor,
    components::{FromWechat, Layout},
    inline::Script,
    messages::{self, t},
    raw_text::{InlineScript, TextArea},
};

/// Where an unpaid order goes: a saved address, a new one, or nowhere, and a note to the shop.
#[component]
pub(super) fn DeliveryPage() -> impl IntoView {
    let (shop, visitor) = (expect_context::<Shop>(), expect_context::<Visitor>());
    let id = use_params_map().read_untracked().get("id").unwrap_or_default();
    view! {
        <Suspense>
            {Suspend::new(async move {
                let order = match own_order(shop.clone(), visitor.clone(), id).await {
                    Ok(order) => order,
                    Err(error) => return failed(&error),
                };
                if !(order.is_own && order.state.is_payable()) {
                    return lead_to_order(order.id);
                }
                let addresses = match visitor.shopper() {
                    Ok(shopper) => shop.addresses(shopper).await,
                    Err(error) => Err(error),
                };
                match addresses {
                    Ok(addresses) => show(order, addresses),
                    Err(error) => failed(&error),
                }
            })}
        </Suspense>
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
        <Layout title=t(messages::DELIVERY).to_owned() bare=true>
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
                            <FromWechat/>
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
                        <TextArea name="note" rows=3 maxlength=LONGEST_NOTE value=note/>
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

/// The parts of an address, named as browsers fill them in.
#[component]
pub(super) fn AddressFields(
    /// Whether the form is about nothing else.
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
