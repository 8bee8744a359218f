//! Parcels of an order, its pickup, and the report of its delivery to WeChat.

use app::console::{TypedAddress, TypedForm, TypedParcel, order_page, sentence};
use axum::{
    Form,
    extract::{Path, State},
    response::{Html, IntoResponse, Response},
};
use serde::Deserialize;
use shop::{AddressForm, ParcelForm, Right, ShopError, Staff};

use super::{StaffAuth, failed, head, id_of, order_path, outcome, return_address};
use crate::{response, state::AppState};

const ORDERS: &str = "/console/orders";

/// The form of a parcel.
#[derive(Deserialize)]
pub(super) struct Parcel {
    /// The number of the parcel, from 1. Empty means 1.
    #[serde(default)]
    parcel: String,
    #[serde(default)]
    correct: String,
    #[serde(default)]
    carrier: String,
    #[serde(default)]
    tracking_no: String,
    #[serde(default)]
    more: String,
}

impl From<Parcel> for ParcelForm {
    fn from(parcel: Parcel) -> Self {
        Self {
            // the shop refuses 0 with an error message
            position: if parcel.parcel.is_empty() { 1 } else { parcel.parcel.parse().unwrap_or(0) },
            is_correction: parcel.correct == "1",
            carrier: parcel.carrier,
            tracking_no: parcel.tracking_no,
            more_follow: parcel.more == "1",
        }
    }
}

/// `POST /console/orders/{id}/ship`: adds or corrects a parcel. If the shop refuses the form, the page shows the typed
/// values again.
pub(super) async fn ship(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
    Form(parcel): Form<Parcel>,
) -> Response {
    let form = ParcelForm::from(parcel);
    let shipping = state.shop.shipping();
    let carrier = shipping.carrier_name(&staff, &form.carrier).await;
    let is_carrier_wrong = matches!(carrier, Err(ShopError::Invalid(_)));
    let done = async {
        let named = ParcelForm { carrier: carrier?, ..form.clone() };
        shipping.ship(&staff, &id_of(&id)?, &named).await
    };
    let error = match done.await {
        Ok(()) => {
            let word = if form.is_correction { "corrected" } else { "shipped" };
            return response::see_other(&format!("{}?done={word}", order_path(&id)));
        }
        Err(error) => error,
    };
    if !matches!(error, ShopError::Invalid(_) | ShopError::WechatBusy(_) | ShopError::AccountRefused(_)) {
        return failed(&staff, &error, &order_path(&id));
    }
    let typed = TypedForm::Parcel(TypedParcel { form, problem: sentence(&error), is_carrier_wrong });
    show_again(&state, &staff, &id, &error, &typed).await
}

/// The order's page with the form that the shop refused.
async fn show_again(
    state: &AppState,
    staff: &Staff,
    id: &str,
    error: &ShopError,
    typed: &TypedForm,
) -> Response {
    response::log(error);
    let read =
        async { Ok((state.shop.admin().order_for(staff, &id_of(id)?).await?, return_address(state).await?)) };
    match read.await {
        Ok((order, address)) => {
            let now = (state.shop.settings(), state.now_s() * 1000);
            let html = order_page(&head(staff), &order, Some(typed), now, &address);
            (response::status(error), Html(html)).into_response()
        }
        Err(error) => failed(staff, &error, ORDERS),
    }
}

/// The form of an address.
#[derive(Deserialize)]
pub(super) struct Address {
    #[serde(default)]
    name: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    address: String,
}

/// `POST /console/orders/{id}/address`: corrects the address of an order that waits for its first parcel. If the shop
/// refuses the form, the page shows the typed values again.
pub(super) async fn correct_address(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
    Form(Address { name, phone, address }): Form<Address>,
) -> Response {
    let form = AddressForm { name, phone, address };
    let done = async { state.shop.shipping().correct_address(&staff, &id_of(&id)?, form.clone()).await };
    match done.await {
        Ok(()) => response::see_other(&format!("{}?done=address", order_path(&id))),
        Err(error @ (ShopError::AddressIncomplete | ShopError::AddressTooLong | ShopError::PhoneInvalid)) => {
            let typed = TypedForm::Address(TypedAddress { form, problem: sentence(&error) });
            show_again(&state, &staff, &id, &error, &typed).await
        }
        Err(error) => failed(&staff, &error, &order_path(&id)),
    }
}

/// `POST /console/orders/{id}/finish`: the order is shipped completely.
pub(super) async fn finish(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
) -> Response {
    let done = async { state.shop.shipping().finish(&staff, &id_of(&id)?).await };
    outcome(&staff, done.await, &order_path(&id), "finished")
}

/// `POST /console/orders/{id}/hand-over`: the shopper has collected the order.
pub(super) async fn hand_over(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
) -> Response {
    let done = async { state.shop.shipping().hand_over(&staff, &id_of(&id)?).await };
    // a role without the right to read does not see an order that was collected
    let back = if staff.role.may(Right::Read) { order_path(&id) } else { ORDERS.to_owned() };
    outcome(&staff, done.await, &back, "handed-over")
}

/// `POST /console/orders/{id}/report`: reports the delivery to WeChat again.
pub(super) async fn report(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
) -> Response {
    let done = async { state.shop.shipping().report_again(&staff, &id_of(&id)?).await };
    outcome(&staff, done.await, &order_path(&id), "reporting")
}
