//! The API of the shop's mini program. Its shoppers have a token of this shop. WeChat's session key stays on the server.

use axum::{
    Json,
    extract::{FromRequestParts, Path, State, rejection::JsonRejection},
    http::{HeaderMap, request::Parts},
    response::Response,
};
use model::{OpenId, OrderId, Quantity, Shopper, Sku};
use serde::Deserialize;
use serde_json::json;
use shop::{MAX_CODE_BYTES, MessageChannel, MiniPayment, NewOrderLine, ShopError};

use super::bearer;
use crate::{
    request_context::RequestContext,
    response,
    session::{Session, TOKEN},
    state::AppState,
};

pub(super) const LOGIN: &str = "/api/miniprogram/login";
pub(super) const PAY: &str = "/api/miniprogram/pay";
pub(super) const RECEIVED: &str = "/api/miniprogram/orders/{id}/received";

/// A shopper of the mini program, by the token in `Authorization`. Cookies do not count here.
pub(super) struct Caller {
    shopper: Shopper,
    /// The openid for the mini program.
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

/// The openid whose token this is.
pub(crate) fn shopper(headers: &HeaderMap, state: &AppState) -> Option<OpenId> {
    let session = Session::verify(bearer(headers)?, &TOKEN, &state.cookies.keys, state.now_s())?;
    session.shopper.openid().cloned()
}

#[derive(Deserialize)]
pub(super) struct Code {
    code: String,
}

/// `POST /api/miniprogram/login`: the code of `wx.login` for a token of this shop.
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

/// The templates for `wx.requestSubscribeMessage`: three at most.
fn templates(state: &AppState) -> Vec<String> {
    state.shop.messages().templates_to_ask_for(MessageChannel::MiniProgram)
}

/// `GET /api/miniprogram/products`: the products on sale, with prices in fen; and the templates that the mini program asks for
/// at the tap on the payment.
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
                "picture": url(&product.picture),
                "pictures": std::iter::once(&product.picture).chain(&product.pictures).map(url).collect::<Vec<_>>(),
                "skus": skus,
            })
        })
        .collect();
    response::data(json!({ "products": products, "templates": templates(&state) }))
}

/// The request to pay: lines to buy, or an order that was placed in the web view.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Pay {
    Order { order: String, key: String },
    Items { items: Vec<Item> },
}

#[derive(Deserialize)]
pub(super) struct Item {
    sku: String,
    quantity: i64,
}

/// `POST /api/miniprogram/pay`: what `wx.requestPayment` takes; `order` and `key`, with which the same order is paid later, if it
/// is not paid now; and the `templates` for `wx.requestSubscribeMessage`.
pub(super) async fn pay(
    State(state): State<AppState>,
    Caller { shopper, openid }: Caller,
    context: RequestContext,
    body: Result<Json<Pay>, JsonRejection>,
) -> Response {
    let ip = context.visitor.ip;
    let paying = match body {
        Ok(Json(Pay::Items { items })) => match lines(&items) {
            Some(lines) => state.shop.checkout().miniprogram_buy(&shopper, &openid, &lines, ip).await,
            None => Err(ShopError::BadRequest("each item has a sku and a quantity from 1 to 99")),
        },
        Ok(Json(Pay::Order { order, key })) => match order.parse::<OrderId>() {
            Ok(id) => state.shop.payments().miniprogram_pay(&openid, &id, &key, ip).await,
            Err(_) => Err(ShopError::NotFound),
        },
        Err(_) => Err(ShopError::BadRequest("the body is JSON with items: [{sku, quantity}]")),
    };
    match paying {
        Ok(MiniPayment { parameters, order, link_key }) => response::data(json!({
            "timeStamp": parameters.time_stamp,
            "nonceStr": parameters.nonce_str,
            "package": parameters.package,
            "signType": parameters.sign_type,
            "paySign": parameters.pay_sign,
            "out_trade_no": parameters.out_trade_no,
            "order": order.as_str(),
            "key": link_key,
            "templates": templates(&state),
        })),
        Err(error) => response::refusal(&error),
    }
}

/// `POST /api/miniprogram/orders/{id}/received`: the shopper confirmed the receipt. If WeChat manages the order, the shop asks
/// WeChat, and `received` is false until WeChat says so.
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

fn lines(items: &[Item]) -> Option<Vec<NewOrderLine>> {
    items
        .iter()
        .map(|item| {
            let sku: Sku = item.sku.parse().ok()?;
            Some(NewOrderLine { sku, quantity: Quantity::try_from(item.quantity).ok()? })
        })
        .collect()
}
