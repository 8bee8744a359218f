//! Where an order goes: the fields of a form, and the form for an order that is placed already.

use app::{is_whole_region, join_region, messages};
use axum::{
    Form,
    extract::{Path, State, rejection::FormRejection},
    response::Response,
};
use model::{Fen, LocalizedText, Shopper};
use shop::{
    AddressField, Collector, Confirmation, Delivery, DeliveryField, Destination, Recipient, ShopError,
};

use super::{fields::Fields, form_page::FormPage, orders::OwnOrder};
use crate::{request_context::RequestContext, response, state::AppState};

/// Why the shop refused a form, and the sentence beside each wrong field.
pub(super) struct Refused {
    pub(super) error: ShopError,
    pub(super) problems: Vec<(&'static str, LocalizedText)>,
}

impl From<ShopError> for Refused {
    fn from(error: ShopError) -> Self {
        Self { error, problems: Vec::new() }
    }
}

/// The delivery of a form. `to` is the id of a saved address, or `new` with the parts of an address, or `pickup`. With
/// `pickup`, `pickup_name` and `pickup_phone` are the person who collects the order; a program may leave out both.
pub(super) async fn delivery_of(
    state: &AppState,
    shopper: Option<&Shopper>,
    fields: &Fields,
) -> Result<Delivery, Refused> {
    let to = fields.one("to").ok_or(ShopError::AddressIncomplete)?;
    let to = match to {
        "pickup" if state.shop.settings().pickup.is_some() => Destination::Pickup(collector(fields)),
        "new" => Destination::Address(recipient(fields)),
        saved => {
            let addresses = match shopper {
                Some(shopper) => state.shop.checkout().addresses(shopper).await?,
                None => Vec::new(),
            };
            match addresses.into_iter().find(|address| address.id == saved) {
                Some(address) => Destination::Address(address.recipient),
                None => {
                    let problem = ShopError::AddressMissing.sentence();
                    return Err(Refused {
                        error: ShopError::AddressMissing,
                        problems: vec![("to", problem)],
                    });
                }
            }
        }
    };
    let is_new = matches!(fields.one("to"), Some("new"));
    let delivery = Delivery { to, note: fields.text("note"), freight_seen: freight_seen(fields) };
    let found = delivery.problems();
    let problems = found.iter().map(|(field, problem)| (name_of(*field), messages::field_problem(problem)));
    let mut problems: Vec<_> = problems.collect();
    problems.extend(city_problem(fields).filter(|_| is_new));
    if problems.is_empty() {
        return Ok(delivery);
    }
    let error = found.into_iter().next().map_or(ShopError::AddressIncomplete, |(_, problem)| problem);
    Err(Refused { error, problems })
}

/// The delivery cost that the page showed for the chosen delivery. The page sends a field `freight` with `CHOICE*FEN`
/// for each address; a program sends none.
fn freight_seen(fields: &Fields) -> Option<Fen> {
    let to = fields.one("to")?;
    let seen = fields.all("freight").filter_map(|seen| seen.split_once('*'));
    seen.filter(|(choice, _)| *choice == to).find_map(|(_, fee)| fee.parse().ok())
}

/// What the shopper confirmed, with amounts in fen. `balance` is the balance that the page showed, if the shopper uses
/// it. `price_seen` is the price of a piece that the page of a single product showed. `key` is the idempotency key: two
/// taps send the same.
pub(super) fn confirmation_of(delivery: Delivery, fields: &Fields) -> Confirmation {
    let balance = fields.one("balance").and_then(|fen| fen.parse().ok());
    let key = fields.one("key").filter(|key| is_confirmation_key(key)).map(str::to_owned);
    let price_seen = fields.one("price_seen").and_then(|fen| fen.parse().ok());
    Confirmation { delivery, balance, price_seen, key }
}

/// Whether a text has the form of a confirmation's key. The key becomes the secret part of the order's link.
pub(super) fn is_confirmation_key(key: &str) -> bool {
    key.len() == 32 && key.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The error if the shopper chose no city, and `region` does not contain one either. A program sends no field `city`,
/// so it has no error.
pub(super) fn city_problem(fields: &Fields) -> Option<(&'static str, LocalizedText)> {
    let is_missing = fields.one("city") == Some("") && !is_whole_region(&fields.text("region"));
    is_missing.then_some(("city", messages::CHOOSE_CITY))
}

/// The name of a field in the form of the delivery.
const fn name_of(field: DeliveryField) -> &'static str {
    match field {
        DeliveryField::Address(field) => name_of_address(field),
        DeliveryField::CollectorName => "pickup_name",
        DeliveryField::CollectorPhone => "pickup_phone",
        DeliveryField::Note => "note",
    }
}

/// The name of a field of an address in a form.
pub(super) const fn name_of_address(field: AddressField) -> &'static str {
    match field {
        AddressField::Name => "name",
        AddressField::Phone => "phone",
        AddressField::Region => "region",
        AddressField::Detail => "detail",
    }
}

fn collector(fields: &Fields) -> Option<Collector> {
    let (name, phone) = (fields.one("pickup_name"), fields.one("pickup_phone"));
    let collector =
        Collector { name: name.unwrap_or_default().to_owned(), phone: phone.unwrap_or_default().to_owned() };
    (name.is_some() || phone.is_some()).then_some(collector)
}

/// The address of a form. A page sends the chosen city in `city`; a program sends the whole region in `region`.
pub(super) fn recipient(fields: &Fields) -> Recipient {
    Recipient {
        name: fields.text("name"),
        phone: fields.text("phone"),
        region: join_region(&fields.text("city"), &fields.text("region")),
        detail: fields.text("detail"),
    }
}

/// `POST /orders/{id}/delivery`: 303 back to the confirmation.
pub(super) async fn deliver(
    State(state): State<AppState>,
    context: RequestContext,
    page: FormPage,
    Path(id): Path<String>,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    let own = match OwnOrder::of(&context, &id, messages::NOT_SAVED) {
        Ok(own) => own,
        Err(response) => return response,
    };
    let fields = Fields::of(form);
    let refused = match delivery_of(&state, Some(&own.shopper), &fields).await {
        Ok(delivery) => match state.shop.checkout().deliver(&own.shopper, &own.id, delivery).await {
            Ok(()) => return response::see_other(&format!("{}/confirm", own.page)),
            Err(error) => Refused::from(error),
        },
        Err(refused) => refused,
    };
    let Refused { error, problems } = refused;
    match error {
        ShopError::NotFound | ShopError::AlreadyPaid | ShopError::OrderClosed => {
            own.refused(&error, messages::NOT_SAVED)
        }
        error => page.show(&format!("{}/delivery", own.page), fields, &error, problems).await,
    }
}

/// `POST /orders/{id}/address`: changes the address of a paid order; 303 back to the order.
pub(super) async fn change_address(
    State(state): State<AppState>,
    context: RequestContext,
    page: FormPage,
    Path(id): Path<String>,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    let own = match OwnOrder::of(&context, &id, messages::NOT_SAVED) {
        Ok(own) => own,
        Err(response) => return response,
    };
    let fields = Fields::of(form);
    let changed = match delivery_of(&state, Some(&own.shopper), &fields).await {
        Ok(Delivery { to: Destination::Address(recipient), .. }) => {
            let changed = state.shop.checkout().change_order_address(&own.shopper, &own.id, &recipient).await;
            changed.map_err(Refused::from)
        }
        Ok(_) => Err(Refused::from(ShopError::AddressIncomplete)),
        Err(refused) => Err(refused),
    };
    match changed {
        Ok(()) => response::see_other(&format!("{}?done=address", own.page)),
        Err(Refused { error, problems }) => match error {
            ShopError::NotFound | ShopError::NotPaid | ShopError::RefundsUnknown | ShopError::Sent => {
                own.refused(&error, messages::NOT_SAVED)
            }
            error => page.show(&format!("{}/address", own.page), fields, &error, problems).await,
        },
    }
}
