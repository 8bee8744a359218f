//! The API of the shop's mini program. Its shoppers have a token of this shop; WeChat's session key stays on the
//! server.

use axum::{
    Json,
    extract::{FromRequestParts, Path, State, rejection::JsonRejection},
    http::{HeaderMap, request::Parts},
    response::Response,
};
use model::{Fen, OpenId, OrderId, Quantity, Shopper, Sku};
use serde::Deserialize;
use serde_json::{Value, json};
use shop::{
    Confirmation, ConsentMoment, Delivery, Destination, InvoiceForm, MAX_CODE_BYTES, MessageChannel,
    MiniProgramPayment, NewOrderLine, Recipient, ShopError,
};

use super::{bearer, delivery::is_confirmation_key};
use crate::{
    request_context::RequestContext,
    response,
    session::{Session, TOKEN},
    state::AppState,
};

pub(super) const LOGIN: &str = "/api/miniprogram/login";
pub(super) const PAY: &str = "/api/miniprogram/pay";
pub(super) const PRICE: &str = "/api/miniprogram/price";
pub(super) const RECEIVED: &str = "/api/miniprogram/orders/{id}/received";
pub(super) const INVOICE: &str = "/api/miniprogram/orders/{id}/invoice";
pub(super) const PERSONAL_DATA: &str = "/api/miniprogram/personal-data";

/// A shopper of the mini program, identified by the token in `Authorization`. This reads no cookie.
pub(super) struct Caller {
    pub(super) shopper: Shopper,
    /// The shopper's openid for the mini program.
    openid: OpenId,
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let openid = shopper(&parts.headers, state).ok_or(ShopError::LoggedOut);
        let openid = openid.map_err(|error| response::refusal(&error))?;
        let shopper = state.shop.identity().shopper_of(&openid).await;
        Ok(Self { shopper: shopper.map_err(|error| response::refusal(&error))?, openid })
    }
}

/// The openid of the token in `Authorization`, if the token is valid.
pub(crate) fn shopper(headers: &HeaderMap, state: &AppState) -> Option<OpenId> {
    state.session(bearer(headers)?, &TOKEN)?.shopper.openid().cloned()
}

#[derive(Deserialize)]
pub(super) struct Code {
    code: String,
}

/// `POST /api/miniprogram/login`: exchanges the code of `wx.login` for a token of this shop.
pub(super) async fn log_in(
    State(state): State<AppState>,
    context: RequestContext,
    body: Result<Json<Code>, JsonRejection>,
) -> Response {
    let code = match body {
        Ok(Json(Code { code })) if !code.is_empty() && code.len() <= MAX_CODE_BYTES => code,
        _ => {
            return response::refusal(&ShopError::BadRequest("the body is JSON with code: that of wx.login"));
        }
    };
    if !state.take_login(&context) {
        return response::refusal(&ShopError::TooOften);
    }
    match state.shop.identity().miniprogram_log_in(&code).await {
        Ok(login) => {
            let session = Session { shopper: login.openid.into(), since_s: state.now_s() };
            response::data(json!({
                "token": session.sign(&TOKEN, &state.cookies.keys),
                "expires_in": TOKEN.max_age_s,
            }))
        }
        Err(error) => response::refusal(&error),
    }
}

/// The templates for `wx.requestSubscribeMessage`, at most three.
pub(super) fn templates(state: &AppState, moment: ConsentMoment) -> Vec<String> {
    state.shop.messages().templates_to_ask_for(moment, MessageChannel::MiniProgram)
}

/// `GET /api/miniprogram/products`: the products on sale, with prices in fen, and the templates for which the mini
/// program asks when the shopper pays.
pub(super) async fn products(State(state): State<AppState>) -> Response {
    let url = |path: &String| format!("{}{path}", state.shop.settings().public_url);
    let products: Vec<_> = state
        .shop
        .products()
        .catalogue()
        .products()
        .iter()
        .map(|product| {
            let skus: Vec<_> = product
                .skus
                .iter()
                .map(|spec| json!({ "sku": spec.sku.as_str(), "spec": spec.spec, "price": spec.price.0 }))
                .collect();
            json!({
                "id": product.id.as_str(),
                "name": product.name,
                "summary": product.summary,
                "purchase_limit": product.purchase_limit,
                "picture": url(&product.picture),
                "pictures": std::iter::once(&product.picture).chain(&product.pictures).map(url).collect::<Vec<_>>(),
                "skus": skus,
            })
        })
        .collect();
    response::data(json!({ "products": products, "templates": templates(&state, ConsentMoment::Payment) }))
}

/// The request to pay: an order that the shopper placed in the web view, or lines to buy.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Pay {
    Order {
        order: String,
        key: String,
    },
    Items {
        items: Vec<Item>,
        address: Option<AddressFields>,
        #[serde(default)]
        note: String,
        /// The balance to use, in fen. `None` uses none.
        balance: Option<i64>,
        /// An idempotency key that the program chooses: calls with the same key make one order.
        key: Option<String>,
    },
}

/// An address, with the parts of `wx.chooseAddress`.
#[derive(Deserialize)]
pub(super) struct AddressFields {
    name: String,
    phone: String,
    /// Province, city and district: `广东省 广州市 海珠区`.
    region: String,
    detail: String,
}

impl From<AddressFields> for Recipient {
    fn from(AddressFields { name, phone, region, detail }: AddressFields) -> Self {
        Self { name, phone, region, detail }
    }
}

#[derive(Deserialize)]
pub(super) struct Item {
    sku: String,
    quantity: i64,
}

/// `POST /api/miniprogram/pay`: pays. The response has the arguments of `wx.requestPayment` and the `templates` for
/// `wx.requestSubscribeMessage`. `total_fee` includes `freight_fee` and `balance_fee`. With `order` and `key` the
/// program can pay the same order later. If the balance paid everything, `paid` is true and there are no arguments for
/// `wx.requestPayment`.
pub(super) async fn pay(
    State(state): State<AppState>,
    Caller { shopper, openid }: Caller,
    context: RequestContext,
    body: Result<Json<Pay>, JsonRejection>,
) -> Response {
    let ip = context.visitor.ip;
    let paying = match body {
        Ok(Json(Pay::Items { items, address, note, balance, key })) => match lines(&items) {
            Some(lines) => {
                let confirmation = address.map(|address| Confirmation {
                    delivery: Delivery { to: Destination::Address(address.into()), note, freight_seen: None },
                    balance: balance.map(Fen),
                    price_seen: None,
                    key: key.filter(|key| is_confirmation_key(key)),
                });
                state.shop.checkout().miniprogram_buy(&shopper, &openid, &lines, confirmation, ip).await
            }
            None => Err(ShopError::BadRequest("each item has a sku and a quantity from 1 to 99")),
        },
        Ok(Json(Pay::Order { order, key })) => match order.parse::<OrderId>() {
            Ok(id) => state.shop.payments().miniprogram_pay(&openid, &id, &key, ip).await,
            Err(_) => Err(ShopError::NotFound),
        },
        Err(_) => Err(ShopError::BadRequest("the body is JSON with items: [{sku, quantity}]")),
    };
    match paying {
        Ok(payment) => response::data(payment_json(&state, payment)),
        Err(error) => response::refusal(&error),
    }
}

fn payment_json(state: &AppState, payment: MiniProgramPayment) -> Value {
    let MiniProgramPayment { parameters, order, total_fee, freight_fee, balance_fee, link_key } = payment;
    let mut answer = json!({
        "paid": parameters.is_none(),
        "order": order.as_str(),
        "total_fee": total_fee.0,
        "freight_fee": freight_fee.0,
        "balance_fee": balance_fee.0,
        "key": link_key,
        "templates": templates(state, ConsentMoment::Payment),
    });
    if let Some(parameters) = parameters {
        answer["timeStamp"] = parameters.time_stamp.into();
        answer["nonceStr"] = parameters.nonce_str.into();
        answer["package"] = parameters.package.into();
        answer["signType"] = parameters.sign_type.into();
        answer["paySign"] = parameters.pay_sign.into();
        answer["out_trade_no"] = parameters.out_trade_no.to_string().into();
    }
    answer
}

/// The lines whose price the program asks for, and where they go.
#[derive(Deserialize)]
pub(super) struct PriceRequest {
    items: Vec<Item>,
    /// Province, city and district. Without it the delivery cost is 0.
    region: Option<String>,
}

/// `POST /api/miniprogram/price`: the price of lines before the order, in fen.
pub(super) async fn price(
    State(state): State<AppState>,
    body: Result<Json<PriceRequest>, JsonRejection>,
) -> Response {
    let Ok(Json(PriceRequest { items, region })) = body else {
        return response::refusal(&ShopError::BadRequest(
            "the body is JSON with items: [{sku, quantity}] and region",
        ));
    };
    let Some(lines) = lines(&items) else {
        return response::refusal(&ShopError::BadRequest("each item has a sku and a quantity from 1 to 99"));
    };
    let catalogue = state.shop.products().catalogue();
    let priced: Option<Vec<_>> = lines
        .into_iter()
        .map(|line| Some((catalogue.sku(&line.sku)?.1.price, line)))
        .map(|found| found.map(|(price, line)| (line.sku, price, line.quantity)))
        .collect();
    let Some(priced) = priced else { return response::refusal(&ShopError::NotFound) };
    match state.shop.checkout().price(&priced, region.as_deref()) {
        Ok(price) => response::data(json!({
            "goods_fee": price.goods.0,
            "freight_fee": price.freight.0,
            "reduction_fee": price.reduction.0,
            "total_fee": price.total().0,
        })),
        Err(error) => response::refusal(&error),
    }
}

/// `POST /api/miniprogram/orders/{id}/received`: the shopper confirmed the receipt. If the order is under WeChat's
/// trade management, the shop asks WeChat, and `received` is false until WeChat has the confirmation.
pub(super) async fn received(
    State(state): State<AppState>,
    Caller { shopper, openid }: Caller,
    Path(id): Path<String>,
) -> Response {
    let Ok(id) = id.parse::<OrderId>() else { return response::refusal(&ShopError::NotFound) };
    match state.shop.shipping().confirm_receipt_in_miniprogram(&shopper, &openid, &id).await {
        Ok(is_received) => response::data(json!({ "received": is_received })),
        Err(error) => response::refusal(&error),
    }
}

/// The fields of an invoice.
#[derive(Deserialize)]
pub(super) struct Invoice {
    kind: String,
    title: String,
    #[serde(default)]
    tax_number: String,
    email: String,
}

/// `POST /api/miniprogram/orders/{id}/invoice`: the shopper asks for an invoice or changes it.
pub(super) async fn invoice(
    State(state): State<AppState>,
    Caller { shopper, .. }: Caller,
    Path(id): Path<String>,
    body: Result<Json<Invoice>, JsonRejection>,
) -> Response {
    let Ok(id) = id.parse::<OrderId>() else { return response::refusal(&ShopError::NotFound) };
    let form = body.ok().and_then(|Json(Invoice { kind, title, tax_number, email })| {
        Some(InvoiceForm { kind: kind.parse().ok()?, title, tax_number, email })
    });
    let Some(form) = form else {
        return response::refusal(&ShopError::BadRequest(
            "the body is JSON with kind (person or company), title, tax_number and email",
        ));
    };
    match state.shop.invoices().ask(&shopper, &id, &form).await {
        Ok(()) => response::data(json!({ "order": id.as_str() })),
        Err(error) => response::refusal(&error),
    }
}

/// `GET /api/miniprogram/personal-data`: everything that the shop keeps about the shopper of the mini program.
pub(super) async fn personal_data(State(state): State<AppState>, Caller { shopper, .. }: Caller) -> Response {
    match state.shop.privacy().personal_data(&shopper).await {
        Ok(document) => response::data(document),
        Err(error) => response::refusal(&error),
    }
}

/// `DELETE /api/miniprogram/personal-data`: erases the shopper's data and ends the token. The mini program must ask the
/// shopper first.
pub(super) async fn erase(State(state): State<AppState>, Caller { shopper, .. }: Caller) -> Response {
    match state.shop.privacy().erase(&shopper).await {
        Ok(()) => response::data(json!({ "erased": true })),
        Err(error) => response::refusal(&error),
    }
}

fn lines(items: &[Item]) -> Option<Vec<NewOrderLine>> {
    items
        .iter()
        .map(|item| {
            let sku: Sku = item.sku.parse().ok()?;
            Some(NewOrderLine { sku, quantity: Quantity::try_from(item.quantity).ok()? })
        })
        .collect()
}
