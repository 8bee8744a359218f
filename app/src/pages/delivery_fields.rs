use leptos::prelude::*;
use model::{Fen, Shopper, record::DeliveryRecord};
use shop::{Address, Collector, MAX_NOTE_CHARS, Shop, ShopError};

use super::delivery_costs::DeliveryCosts;
use crate::{
    components::{
        CitySelect, Field, FieldKind, Icon, IconView, Problem, Summary, TextField, draft, split_region,
    },
    inline::Script,
    islands::WechatAddress,
    messages::{self, t},
    raw_text::InlineScript,
};

/// The data of the shopper for the form of a delivery.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    pub(super) addresses: Vec<Address>,
    contact: Option<Collector>,
    /// The shopper's balance.
    pub(super) balance: Fen,
}

impl Known {
    /// Reads the data. It is empty for a visitor without a session.
    pub(super) async fn of(shop: &Shop, shopper: Option<&Shopper>) -> Result<Self, ShopError> {
        let Some(shopper) = shopper else { return Ok(Self::default()) };
        let checkout = shop.checkout();
        let balance = match shopper.openid() {
            Some(_) => checkout.balance(shopper).await?,
            None => Fen::ZERO,
        };
        let contact = checkout.last_contact(shopper).await?;
        Ok(Self { addresses: checkout.addresses(shopper).await?, contact, balance })
    }
}

/// The choice of an order's delivery: a saved address, a new address or pickup. An address is chosen at first, so that
/// only the shopper can choose pickup. A form with these fields must end with `Script::DeliveryForm`.
#[component]
pub(super) fn DeliveryFields(
    known: Known,
    costs: DeliveryCosts,
    /// The earlier choice for this order.
    chosen: Option<DeliveryRecord>,
    /// Whether the order is paid, so that pickup is no choice any more.
    #[prop(optional)]
    without_pickup: bool,
) -> impl IntoView {
    let pickup = expect_context::<Shop>().settings().pickup.clone().filter(|_| !without_pickup);
    let pickup = pickup.map(messages::pickup_place);
    let draft = draft();
    let Known { addresses, contact, .. } = known;
    // a paid order's address is mostly corrected: its fields begin with what it is
    let paid = chosen.as_ref().filter(|_| without_pickup);
    let corrected = paid.and_then(|to| saved_address(&addresses, to)).cloned();
    let to = match &corrected {
        Some(_) => draft.value("to").unwrap_or("new").to_owned(),
        None => selected(&addresses, chosen.as_ref()),
    };
    let collector = chosen
        .as_ref()
        .filter(|delivery| delivery.is_pickup() && !delivery.name.is_empty())
        .map(|delivery| Collector { name: delivery.name.clone(), phone: delivery.phone.clone() })
        .or(contact)
        .unwrap_or_default();
    let typed = |name: &str, otherwise: String| draft.value(name).map_or(otherwise, str::to_owned);
    let (collector_name, collector_phone) =
        (typed("pickup_name", collector.name), typed("pickup_phone", collector.phone));
    let has_saved = !addresses.is_empty();
    let saved = addresses
        .into_iter()
        .map(|address| {
            let checked = address.id == to;
            let recipient = address.recipient;
            let cost = costs.show(&address.id);
            view! {
                <label class="choice">
                    <input type="radio" name="to" value=address.id checked=checked/>
                    <span class="delivery-text">
                        <strong>
                            {recipient.name.clone()} " " {recipient.phone.clone()}
                            {address.is_default.then(|| view! { " " <span class="default">{t(messages::DEFAULT_ADDRESS)}</span> })}
                        </strong>
                        <span class="muted">{recipient.address()}</span>
                        {cost}
                    </span>
                </label>
            }
        })
        .collect_view();
    view! {
        <Summary/>
        <section class="panel form">
            <fieldset>
                <legend>{t(messages::DELIVERY)}</legend>
                {saved}
                <label class="choice">
                    <input type="radio" name="to" value="new" checked=to == "new"/>
                    <IconView icon=Icon::Truck/>
                    <span class="delivery-text">
                        <strong>{t(messages::COURIER)}</strong>
                        {has_saved.then(|| view! { <span class="muted">{t(messages::NEW_ADDRESS)}</span> })}
                        {costs.show("new")}
                    </span>
                </label>
                {pickup
                    .map(|place| {
                        view! {
                            <label class="choice">
                                <input type="radio" name="to" value="pickup" checked=to == "pickup"/>
                                <IconView icon=Icon::Store/>
                                <span class="delivery-text">
                                    <strong>{t(messages::PICKUP)}</strong>
                                    <span class="muted">{place}</span>
                                </span>
                            </label>
                            <div class="pickup">
                                <Field kind=COLLECTOR_NAME value=collector_name/>
                                <Field kind=COLLECTOR_PHONE value=collector_phone/>
                            </div>
                        }
                    })}
                <div class="new-address">
                    <p class="address-head">{t(messages::ADDRESS)}</p>
                    <WechatAddress>{t(messages::WECHAT_ADDRESS)}</WechatAddress>
                    <AddressFields address=corrected/>
                </div>
                <Problem name="to"/>
            </fieldset>
        </section>
    }
}

/// The note to the shop.
#[component]
pub(super) fn NoteField(
    /// The earlier note for this order.
    #[prop(optional)]
    note: String,
) -> impl IntoView {
    let note = draft().value("note").map_or(note, str::to_owned);
    view! {
        <section class="panel form">
            <TextField name="note" label=messages::NOTE_OPTIONAL rows=2 longest=MAX_NOTE_CHARS value=note/>
        </section>
    }
}

/// The choice at first: the choice in a refused form, otherwise the earlier choice for the order or [`first_choice`].
pub(super) fn selected(addresses: &[Address], chosen: Option<&DeliveryRecord>) -> String {
    match (draft().value("to"), chosen) {
        (Some(to), _) => to.to_owned(),
        (None, Some(delivery)) if delivery.is_pickup() => "pickup".to_owned(),
        (None, delivery) => first_choice(addresses, delivery),
    }
}

/// The saved address of a delivery.
fn saved_address<'a>(addresses: &'a [Address], delivery: &DeliveryRecord) -> Option<&'a Address> {
    addresses.iter().find(|address| delivery.goes_to(&address.recipient))
}

/// The saved address of this delivery, otherwise the address that the shopper used last, otherwise a new address.
fn first_choice(addresses: &[Address], delivery: Option<&DeliveryRecord>) -> String {
    let same = delivery.and_then(|delivery| saved_address(addresses, delivery));
    same.or_else(|| addresses.first()).map_or_else(|| "new".to_owned(), |address| address.id.clone())
}

const COLLECTOR_NAME: FieldKind = FieldKind {
    name: "pickup_name",
    label: messages::COLLECTOR_NAME,
    input: "text",
    autocomplete: "name",
    longest: 30,
    placeholder: None,
};

const COLLECTOR_PHONE: FieldKind = FieldKind {
    name: "pickup_phone",
    label: messages::COLLECTOR_PHONE,
    input: "tel",
    autocomplete: "tel",
    longest: 20,
    placeholder: None,
};

const NAME: FieldKind = FieldKind {
    name: "name",
    label: messages::RECIPIENT,
    input: "text",
    autocomplete: "name",
    longest: 30,
    placeholder: Some(messages::NAME_PLACEHOLDER),
};

const PHONE: FieldKind = FieldKind {
    name: "phone",
    label: messages::PHONE,
    input: "tel",
    autocomplete: "tel",
    longest: 20,
    placeholder: Some(messages::PHONE_PLACEHOLDER),
};

const REGION: FieldKind = FieldKind {
    name: "region",
    label: messages::REGION,
    input: "text",
    autocomplete: "address-level3",
    longest: 60,
    placeholder: Some(messages::REGION_PLACEHOLDER),
};

const DETAIL: FieldKind = FieldKind {
    name: "detail",
    label: messages::STREET_ADDRESS,
    input: "text",
    autocomplete: "street-address",
    longest: 120,
    placeholder: Some(messages::DETAIL_PLACEHOLDER),
};

/// The fields of an address. Their `autocomplete` values let browsers fill them in.
#[component]
pub(super) fn AddressFields(
    /// The address to change.
    #[prop(optional_no_strip)]
    address: Option<Address>,
    /// Whether the browser requires each field.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let draft = draft();
    let known = address.map(|address| address.recipient);
    let (city, region) = known.as_ref().map(|known| split_region(&known.region)).unwrap_or_default();
    let typed = |name: &str, otherwise: Option<String>| {
        draft.value(name).map(str::to_owned).or(otherwise).unwrap_or_default()
    };
    let name = typed("name", known.as_ref().map(|known| known.name.clone()));
    let phone = typed("phone", known.as_ref().map(|known| known.phone.clone()));
    let detail = typed("detail", known.as_ref().map(|known| known.detail.clone()));
    view! {
        <Field kind=NAME value=name required/>
        <Field kind=PHONE value=phone required/>
        <CitySelect chosen=typed("city", Some(city))/>
        <Field kind=REGION value=typed("region", Some(region)) required/>
        <Field kind=DETAIL value=detail required/>
        <InlineScript script=Script::AddressFields/>
    }
}
