//! The forms of orders: place, pay, cancel, reorder.

use app::messages;
use axum::{
    Form,
    extract::{Path, RawQuery, State, rejection::FormRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use model::{LocalizedText, OrderId, Quantity, Shopper, Sku};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use shop::{NewOrderLine, SheetOutcome, ShopError, typed};

use super::{
    cart::to_cart,
    delivery::{Refused, confirmation_of, delivery_of},
    fields::Fields,
    form_page::FormPage,
    guest::shopper_or_guest,
    login_path,
};
use crate::{request_context::RequestContext, response, state::AppState};

/// The specification and the quantity of a form. `None` if one is missing or wrong.
pub(super) fn line(fields: &Fields) -> Option<NewOrderLine> {
    let quantity: Quantity = typed::number(fields.one("quantity")?).parse().ok()?;
    Some(NewOrderLine { sku: fields.one("sku")?.parse::<Sku>().ok()?, quantity })
}

/// `POST /orders`: places an order of one specification.
///
/// The form of the confirmation sends `to` (where the order goes) and `pay` (pay at once): 303 to the payment. A
/// program may leave out both: 303 to the order's confirmation. Its order goes to the address that the shopper used
/// last. Without such an address the shopper chooses the delivery on the confirmation. If the program pays the order
/// first, it is for pickup, if the shop has a place of pickup.
pub(super) async fn place(
    State(state): State<AppState>,
    context: RequestContext,
    page: FormPage,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    let fields = Fields::of(form);
    let back = |error: &ShopError| response::page(error, messages::NOT_ORDERED, "/", messages::GO_HOME);
    if fields.one("sku").is_none() || fields.one("quantity").is_none() {
        return back(&ShopError::BadRequest("sku and quantity are missing"));
    }
    let Some(line) = line(&fields) else { return nothing_chosen(messages::NOT_ORDERED) };
    let is_confirmed = fields.one("to").is_some();
    let confirmation = match is_confirmed {
        true => match delivery_of(&state, context.visitor.session.as_ref(), &fields).await {
            Ok(delivery) => Some(confirmation_of(delivery, &fields)),
            Err(Refused { error, problems }) => {
                return page.show(&chosen(&line), fields, &error, problems).await;
            }
        },
        false => None,
    };
    let (shopper, cookies) = match shopper_or_guest(&state, &context, &chosen(&line)) {
        Ok(known) => known,
        Err(response) => return response,
    };
    let checkout = state.shop.checkout();
    let ip = context.visitor.ip;
    let placed = match confirmation {
        Some(confirmation) => {
            checkout.place_to(&shopper, std::slice::from_ref(&line), confirmation, ip).await
        }
        None => checkout.place(&shopper, std::slice::from_ref(&line), ip).await,
    };
    let response = match placed {
        Ok(id) if fields.one("pay").is_some() => pay_now(&state, &context, &shopper, id).await,
        Ok(id) => response::see_other(&format!("/orders/{id}/confirm")),
        Err(error) if is_confirmed && !error.is_ours() => {
            page.show(&chosen(&line), fields, &error, Vec::new()).await
        }
        Err(error) => {
            let catalogue = state.shop.products().catalogue();
            match catalogue.sku(&line.sku).map(|(product, _)| format!("/products/{}", product.id)) {
                Some(product) => {
                    response::page(&error, messages::NOT_ORDERED, &product, messages::BACK_TO_PRODUCT)
                }
                None => back(&error),
            }
        }
    };
    cookies.on(response)
}

/// Begins the payment of an order that the shopper has just placed.
pub(super) async fn pay_now(
    state: &AppState,
    context: &RequestContext,
    shopper: &Shopper,
    id: OrderId,
) -> Response {
    let page = format!("/orders/{id}");
    pay_own(state, context, &OwnOrder { shopper: shopper.clone(), id, page }).await
}

/// The path of the confirmation with the chosen line. A login returns to it.
pub(super) fn chosen(line: &NewOrderLine) -> String {
    format!("/orders/new?sku={}&quantity={}", line.sku, line.quantity)
}

/// The page for a form without a specification or a quantity.
pub(super) fn nothing_chosen(title: LocalizedText) -> Response {
    response::say(StatusCode::BAD_REQUEST, title, messages::CHOOSE_SPEC_AND_QUANTITY, "/", messages::GO_HOME)
}

/// An order in the path, and the shopper of the request. Without a shopper, the response leads to the login.
pub(super) struct OwnOrder {
    pub(super) shopper: Shopper,
    pub(super) id: OrderId,
    /// The path of the order's page.
    pub(super) page: String,
}

impl OwnOrder {
    #[expect(clippy::result_large_err, reason = "the answer is the other outcome, and made once")]
    pub(super) fn of(context: &RequestContext, id: &str, title: LocalizedText) -> Result<Self, Response> {
        let not_found = || response::page(&ShopError::NotFound, title, "/orders", messages::MY_ORDERS);
        let id = id.parse::<OrderId>().map_err(|_| not_found())?;
        let page = format!("/orders/{id}");
        match &context.visitor.session {
            Some(shopper) => Ok(Self { shopper: shopper.clone(), id, page }),
            None if context.visitor.in_wechat => Err(response::see_other(&login_path(&page))),
            None => Err(not_found()),
        }
    }

    /// The page for a refusal, with a link to the order or to the list of orders.
    pub(super) fn refused(&self, error: &ShopError, title: LocalizedText) -> Response {
        match error {
            ShopError::NotFound => response::page(error, title, "/orders", messages::MY_ORDERS),
            error => response::page(error, title, &self.page, messages::BACK_TO_ORDER),
        }
    }
}

/// `POST /orders/{id}/pay`: starts the payment. 303 in WeChat to the page that opens the payment sheet, in a phone's
/// browser to WeChat's cashier, on a computer to the page with the code.
pub(super) async fn pay(
    State(state): State<AppState>,
    context: RequestContext,
    Path(id): Path<String>,
) -> Response {
    match OwnOrder::of(&context, &id, messages::NOT_PAID) {
        Ok(own) => pay_own(&state, &context, &own).await,
        Err(response) => response,
    }
}

async fn pay_own(state: &AppState, context: &RequestContext, own: &OwnOrder) -> Response {
    let OwnOrder { shopper, id, page } = own;
    let visitor = &context.visitor;
    if visitor.in_miniprogram && state.shop.settings().miniprogram_pay_page.is_some() {
        // this page leads to the payment of the mini program; an attempt of the official account would be in its way
        return response::see_other(&format!("{page}/pay"));
    }
    let next = if visitor.in_wechat {
        match visitor.openid() {
            Ok(payer) => {
                state.shop.payments().pay(shopper, payer, id, visitor.ip).await.map(|_| format!("{page}/pay"))
            }
            Err(error) => Err(error),
        }
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

/// `POST /orders/{id}/cancel`: the shopper cancels an unpaid order.
pub(super) async fn cancel(
    State(state): State<AppState>,
    context: RequestContext,
    Path(id): Path<String>,
) -> Response {
    let own = match OwnOrder::of(&context, &id, messages::NOT_CANCELLED) {
        Ok(own) => own,
        Err(response) => return response,
    };
    match state.shop.checkout().cancel(&own.shopper, &own.id).await {
        Ok(()) | Err(ShopError::AlreadyPaid) => response::see_other(&own.page),
        Err(error) => own.refused(&error, messages::NOT_CANCELLED),
    }
}

/// `POST /orders/{id}/again`: puts the lines of an order into the cart again.
pub(super) async fn again(
    State(state): State<AppState>,
    context: RequestContext,
    Path(id): Path<String>,
) -> Response {
    let own = match OwnOrder::of(&context, &id, messages::NOT_ADDED) {
        Ok(own) => own,
        Err(response) => return response,
    };
    match state.shop.checkout().order_again(&own.shopper, &own.id).await {
        Ok(pieces) => to_cart(&state, pieces),
        Err(error) => own.refused(&error, messages::NOT_ADDED),
    }
}

/// `POST /orders/{id}/received`: the shopper has the goods.
pub(super) async fn received(
    State(state): State<AppState>,
    context: RequestContext,
    Path(id): Path<String>,
) -> Response {
    let own = match OwnOrder::of(&context, &id, messages::NOT_CONFIRMED) {
        Ok(own) => own,
        Err(response) => return response,
    };
    match state.shop.shipping().confirm_receipt(&own.shopper, &own.id).await {
        Ok(()) => response::see_other(&own.page),
        Err(error) => own.refused(&error, messages::NOT_CONFIRMED),
    }
}

/// `POST /orders/{id}/sheet`: the sheet report. `outcome` is `ok`, `cancel` or `fail`.
pub(super) async fn report_sheet(
    State(state): State<AppState>,
    context: RequestContext,
    Path(id): Path<String>,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    let own = match OwnOrder::of(&context, &id, messages::NOT_SAVED) {
        Ok(own) => own,
        Err(response) => return response,
    };
    let Some(outcome) = Fields::of(form).one("outcome").and_then(SheetOutcome::of_word) else {
        return own.refused(&ShopError::BadRequest("outcome is ok, cancel or fail"), messages::NOT_SAVED);
    };
    match state.shop.payments().report_sheet(&own.shopper, &own.id, outcome).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => own.refused(&error, messages::NOT_SAVED),
    }
}

/// `GET /orders/{id}/link/{key}`: the secret link of an order. A person with the link may see and pay the order, on any
/// device. `?pay` begins the payment again, after one that failed because another person is logged in now.
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
