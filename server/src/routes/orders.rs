//! The forms of orders: place, deliver, pay, cancel, reorder, apply for a refund.

use app::messages;
use axum::{
    Form,
    extract::{Path, RawQuery, State, rejection::FormRejection},
    http::StatusCode,
    response::Response,
};
use model::{OrderId, Quantity, Said, Shopper, Sku};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use shop::{Delivery, Line, Recipient, ShopError, typed};

use super::{cart::to_cart, guest::shopper_or_guest, login_path};
use crate::{request_context::RequestContext, response, state::AppState};

#[derive(Deserialize)]
pub(super) struct PlaceForm {
    sku: String,
    quantity: String,
}

impl PlaceForm {
    /// The chosen specification.
    pub(super) fn line(&self) -> Option<Line> {
        let quantity: Quantity = typed::number(&self.quantity).parse().ok()?;
        Some(Line { sku: self.sku.parse::<Sku>().ok()?, quantity })
    }
}

/// `POST /orders`: 303 to the order's confirmation.
pub(super) async fn place(
    State(state): State<AppState>,
    context: RequestContext,
    form: Result<Form<PlaceForm>, FormRejection>,
) -> Response {
    let back = |error: &ShopError| response::page(error, messages::NOT_ORDERED, "/", messages::GO_HOME);
    let Ok(Form(form)) = form else { return back(&ShopError::BadRequest("sku and quantity are missing")) };
    let Some(line) = form.line() else { return nothing_chosen(messages::NOT_ORDERED) };
    let (shopper, cookies) = match shopper_or_guest(&state, &context, &chosen(&line)) {
        Ok(known) => known,
        Err(response) => return response,
    };
    let product = state
        .shop
        .products()
        .catalogue()
        .sku(&line.sku)
        .map(|(product, _)| format!("/products/{}", product.id));
    let response = match state.shop.checkout().place(&shopper, &[line], context.visitor.ip).await {
        Ok(id) => response::see_other(&format!("/orders/{id}/confirm")),
        Err(error) => match product {
            Some(product) => {
                response::page(&error, messages::NOT_ORDERED, &product, messages::BACK_TO_PRODUCT)
            }
            None => back(&error),
        },
    };
    cookies.on(response)
}

/// The page that a shopper returns to after a login, with the chosen lines.
pub(super) fn chosen(line: &Line) -> String {
    format!("/orders/new?sku={}&quantity={}", line.sku, line.quantity)
}

/// The message if no specification or no quantity was chosen.
pub(super) fn nothing_chosen(title: Said) -> Response {
    response::say(StatusCode::BAD_REQUEST, title, messages::CHOOSE_SPEC_AND_QUANTITY, "/", messages::GO_HOME)
}

/// An order of the request's shopper, or the answer that leads to the login.
struct Own {
    shopper: Shopper,
    id: OrderId,
    /// The path of its page.
    page: String,
}

impl Own {
    #[expect(clippy::result_large_err, reason = "the answer is the other outcome, and made once")]
    fn of(context: &RequestContext, id: &str, title: Said) -> Result<Self, Response> {
        let not_found = || response::page(&ShopError::NotFound, title, "/orders", messages::MY_ORDERS);
        let id = id.parse::<OrderId>().map_err(|_| not_found())?;
        let page = format!("/orders/{id}");
        match &context.visitor.session {
            Some(shopper) => Ok(Self { shopper: shopper.clone(), id, page }),
            None if context.visitor.in_wechat => Err(response::see_other(&login_path(&page))),
            None => Err(not_found()),
        }
    }

    /// The answer to a refusal.
    fn refused(&self, error: &ShopError, title: Said) -> Response {
        match error {
            ShopError::NotFound => response::page(error, title, "/orders", messages::MY_ORDERS),
            error => response::page(error, title, &self.page, messages::BACK_TO_ORDER),
        }
    }
}

/// `POST /orders/{id}/pay`: 303 to where it is paid: in WeChat the page that opens the payment, on a phone WeChat's
/// cashier, elsewhere the page with the code.
pub(super) async fn pay(
    State(state): State<AppState>,
    context: RequestContext,
    Path(id): Path<String>,
) -> Response {
    let own = match Own::of(&context, &id, messages::NOT_PAID) {
        Ok(own) => own,
        Err(response) => return response,
    };
    let Own { shopper, id, page } = &own;
    let visitor = &context.visitor;
    if visitor.in_miniprogram && state.shop.settings().miniprogram_pay_page.is_some() {
        // the page leads to the mini program's payment, and an attempt of this account would block it
        return response::see_other(&format!("{page}/pay"));
    }
    let next = if visitor.in_wechat {
        state.shop.payments().pay(shopper, id, visitor.ip).await.map(|_| format!("{page}/pay"))
    } else if visitor.on_phone {
        let back = format!("{}{page}/returned", state.shop.settings().public_url);
        let back = utf8_percent_encode(&back, NON_ALPHANUMERIC).to_string();
        let cashier = state.shop.payments().pay_h5(shopper, id, visitor.ip).await;
        cashier.map(|cashier| format!("{cashier}&redirect_url={back}"))
    } else {
        state.shop.payments().pay_native(shopper, id, visitor.ip).await.map(|_| format!("{page}/code"))
    };
    match next {
        Ok(next) => response::see_other(&next),
        Err(ShopError::AlreadyPaid | ShopError::OrderClosed) => response::see_other(page),
        Err(ShopError::AddressMissing) => response::page(
            &ShopError::AddressMissing,
            messages::NOT_PAID,
            &format!("{page}/delivery"),
            messages::ADD_ADDRESS,
        ),
        Err(error) => own.refused(&error, messages::NOT_PAID),
    }
}

/// `POST /orders/{id}/cancel`: the shopper gives an unpaid order up.
pub(super) async fn cancel(
    State(state): State<AppState>,
    context: RequestContext,
    Path(id): Path<String>,
) -> Response {
    let own = match Own::of(&context, &id, messages::NOT_CANCELLED) {
        Ok(own) => own,
        Err(response) => return response,
    };
    match state.shop.checkout().cancel(&own.shopper, &own.id).await {
        Ok(()) | Err(ShopError::AlreadyPaid) => response::see_other(&own.page),
        Err(error) => own.refused(&error, messages::NOT_CANCELLED),
    }
}

/// `POST /orders/{id}/again`: what an order holds, into the cart once more.
pub(super) async fn again(
    State(state): State<AppState>,
    context: RequestContext,
    Path(id): Path<String>,
) -> Response {
    let own = match Own::of(&context, &id, messages::NOT_ADDED) {
        Ok(own) => own,
        Err(response) => return response,
    };
    match state.shop.checkout().order_again(&own.shopper, &own.id).await {
        Ok(pieces) => to_cart(&state, pieces),
        Err(error) => own.refused(&error, messages::NOT_ADDED),
    }
}

#[derive(Deserialize)]
pub(super) struct ReasonForm {
    reason: String,
}

/// `POST /orders/{id}/refund-request`: the shopper asks for money back; a person of the shop answers.
pub(super) async fn ask_for_refund(
    State(state): State<AppState>,
    context: RequestContext,
    Path(id): Path<String>,
    form: Result<Form<ReasonForm>, FormRejection>,
) -> Response {
    let own = match Own::of(&context, &id, messages::NOT_REQUESTED) {
        Ok(own) => own,
        Err(response) => return response,
    };
    let reason = form.map(|Form(form)| form.reason).unwrap_or_default();
    match state.shop.refunds().request_refund(&own.shopper, &own.id, &reason).await {
        Ok(_) => response::see_other(&own.page),
        Err(error) => own.refused(&error, messages::NOT_REQUESTED),
    }
}

/// The delivery form: `to` is the id of a saved address, `new` with its parts, or `pickup`.
#[derive(Deserialize)]
pub(super) struct DeliveryForm {
    to: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    region: String,
    #[serde(default)]
    detail: String,
    #[serde(default)]
    note: String,
}

/// `POST /orders/{id}/delivery`: 303 back to the confirmation.
pub(super) async fn deliver(
    State(state): State<AppState>,
    context: RequestContext,
    Path(id): Path<String>,
    form: Result<Form<DeliveryForm>, FormRejection>,
) -> Response {
    let own = match Own::of(&context, &id, messages::NOT_SAVED) {
        Ok(own) => own,
        Err(response) => return response,
    };
    let form_page = format!("{}/delivery", own.page);
    let refused = |error: &ShopError| match error {
        ShopError::NotFound | ShopError::AlreadyPaid | ShopError::OrderClosed => {
            own.refused(error, messages::NOT_SAVED)
        }
        error => response::page(error, messages::NOT_SAVED, &form_page, messages::BACK),
    };
    let Ok(Form(form)) = form else { return refused(&ShopError::AddressIncomplete) };
    let to = match form.to.as_str() {
        "pickup" if state.shop.settings().pickup.is_some() => None,
        "new" => {
            Some(Recipient { name: form.name, phone: form.phone, region: form.region, detail: form.detail })
        }
        saved => match state.shop.checkout().addresses(&own.shopper).await {
            Ok(addresses) => match addresses.into_iter().find(|address| address.id == saved) {
                Some(address) => Some(address.recipient),
                None => return refused(&ShopError::AddressMissing),
            },
            Err(error) => return refused(&error),
        },
    };
    match state.shop.checkout().deliver(&own.shopper, &own.id, Delivery { to, note: form.note }).await {
        Ok(()) => response::see_other(&format!("{}/confirm", own.page)),
        Err(error) => refused(&error),
    }
}

/// `GET /orders/{id}/link/{key}`: a person with an order's link may see it and pay it, on any device. With `?pay`, after a
/// payment that failed because another person is logged in now, the payment begins again.
pub(super) async fn link(
    State(state): State<AppState>,
    context: RequestContext,
    Path((id, key)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Response {
    let not_found = || response::page(&ShopError::NotFound, messages::NOT_FOUND, "/", messages::GO_HOME);
    let Ok(id) = id.parse::<OrderId>() else { return not_found() };
    let (shopper, cookies) = match shopper_or_guest(&state, &context, &format!("/orders/{id}")) {
        Ok(known) => known,
        Err(response) => return response,
    };
    let response = match state.shop.orders().visit_order(&shopper, &id, &key).await {
        Ok(true) if query.as_deref() == Some("pay") => {
            response::see_other(&format!("/orders/{id}/confirm#pay"))
        }
        Ok(true) => response::see_other(&format!("/orders/{id}/confirm")),
        Ok(false) => response::see_other(&format!("/orders/{id}")),
        Err(ShopError::NotFound) => return not_found(),
        Err(error) => response::page(&error, messages::NOT_FOUND, "/", messages::GO_HOME),
    };
    cookies.on(response)
}
