//! The forms: placing an order, and paying it.

use axum::{
    Form,
    extract::{Path, State, rejection::FormRejection},
    http::StatusCode,
    response::Response,
};
use model::{OrderId, Quantity, Sku};
use serde::Deserialize;
use shop::{Line, ShopError};

use super::login_path;
use crate::{answer, state::AppState, visitor::Guest};

#[derive(Deserialize)]
pub(super) struct PlaceForm {
    sku: String,
    quantity: String,
}

/// `POST /orders`: 303 to the order's confirmation.
pub(super) async fn place(
    State(state): State<AppState>,
    guest: Guest,
    form: Result<Form<PlaceForm>, FormRejection>,
) -> Response {
    let back = |error: &ShopError| answer::page(error, "没有下单", "/", "回到首页");
    let Ok(Form(form)) = form else { return back(&ShopError::BadRequest("sku and quantity are missing")) };
    let (Ok(sku), Ok(quantity)) = (form.sku.parse::<Sku>(), form.quantity.parse::<Quantity>()) else {
        return answer::say(
            StatusCode::BAD_REQUEST,
            "没有下单",
            "请选择规格，数量为 1 到 99",
            "/",
            "回到首页",
        );
    };
    let Some(shopper) = &guest.visitor.session else {
        // after the login the choice is still there
        return log_in_first(&guest, &format!("/orders/new?sku={sku}&quantity={quantity}"));
    };
    let product = state.shop.catalogue().sku(&sku).map(|(product, _)| format!("/products/{}", product.id));
    match state.shop.place(shopper, &[Line { sku, quantity }]).await {
        Ok(id) => answer::see_other(&format!("/orders/{id}/confirm")),
        Err(error) => match product {
            Some(product) => answer::page(&error, "没有下单", &product, "返回商品"),
            None => back(&error),
        },
    }
}

/// `POST /orders/{id}/pay`: 303 to the page that opens the payment.
pub(super) async fn pay(State(state): State<AppState>, guest: Guest, Path(id): Path<String>) -> Response {
    let Ok(id) = id.parse::<OrderId>() else {
        return answer::page(&ShopError::NotFound, "没有支付", "/orders", "我的订单");
    };
    let order = format!("/orders/{id}");
    let Some(shopper) = &guest.visitor.session else { return log_in_first(&guest, &order) };
    if guest.visitor.in_miniprogram && state.shop.settings().miniprogram_pay_page.is_some() {
        // the page leads to the mini program's own payment: an attempt of this account would stand in its way
        return answer::see_other(&format!("{order}/pay"));
    }
    match state.shop.pay(shopper, &id, guest.visitor.ip).await {
        Ok(_) => answer::see_other(&format!("/orders/{id}/pay")),
        Err(ShopError::AlreadyPaid | ShopError::OrderClosed) => answer::see_other(&order),
        Err(ShopError::NotFound) => answer::page(&ShopError::NotFound, "没有支付", "/orders", "我的订单"),
        Err(error) => answer::page(&error, "没有支付", &order, "返回订单"),
    }
}

/// `POST /orders/{id}/cancel`: the shopper gives an unpaid order up.
pub(super) async fn cancel(State(state): State<AppState>, guest: Guest, Path(id): Path<String>) -> Response {
    let Ok(id) = id.parse::<OrderId>() else {
        return answer::page(&ShopError::NotFound, "没有取消", "/orders", "我的订单");
    };
    let order = format!("/orders/{id}");
    let Some(shopper) = &guest.visitor.session else { return log_in_first(&guest, &order) };
    match state.shop.cancel(shopper, &id).await {
        Ok(()) | Err(ShopError::AlreadyPaid) => answer::see_other(&order),
        Err(ShopError::NotFound) => answer::page(&ShopError::NotFound, "没有取消", "/orders", "我的订单"),
        Err(error) => answer::page(&error, "没有取消", &order, "返回订单"),
    }
}

fn log_in_first(guest: &Guest, callback: &str) -> Response {
    if guest.in_wechat { answer::see_other(&login_path(callback)) } else { answer::outside_wechat() }
}
