//! Refunds of an order.

use std::str::FromStr;

use app::console::{Confirmation, refund_page};
use axum::{
    Form,
    extract::{Path, Query, State},
    response::Response,
};
use model::{Fen, LocalizedText, OutRefundNo, OutTradeNo};
use serde::Deserialize;
use shop::{MAX_REASON_BYTES, RefundRequest, RefundTarget, Right, ShopError, Staff, typed};
use wechat::Secret;

use super::{StaffAuth, failed, head, id_of, order_path, outcome, page};
use crate::state::AppState;

/// The message for a confirmation page that does not belong to the order.
pub(super) const AGAIN: LocalizedText = LocalizedText {
    zh: "请从订单页面重新发起退款",
    en: "Please start the refund again on the order's page.",
};

pub(super) fn fee_of(text: &str) -> Result<Fen, ShopError> {
    Fen::parse_yuan(&typed::number(text)).filter(|fee| *fee > Fen::ZERO).ok_or(ShopError::invalid(
        "退款金额请填写如 19.90 的数字",
        "Please enter the refund as a number like 19.90.",
    ))
}

/// Parses the number in a hidden field. `None` if the field is empty.
pub(super) fn number_of<T: FromStr>(text: &str) -> Result<Option<T>, ShopError> {
    let number = Some(text).filter(|text| !text.is_empty());
    number.map(str::parse).transpose().map_err(|_| ShopError::Invalid(AGAIN))
}

/// Checks the reason of a refund. WeChat shows it to the shopper.
fn reason_of(text: &str) -> Result<&str, ShopError> {
    let text = text.trim();
    if !typed::fits_wechat_pay(text) {
        return Err(ShopError::invalid(
            "退款原因请不要使用表情符号，微信支付不支持",
            "Please use no emoji in the reason: WeChat Pay does not support them.",
        ));
    }
    let fits = (1..=MAX_REASON_BYTES).contains(&text.len()) && !text.chars().any(char::is_control);
    if fits {
        Ok(text)
    } else {
        Err(ShopError::invalid(
            "请填写退款原因，不超过 26 个汉字（80 字节）",
            "Please enter a reason of at most 80 bytes.",
        ))
    }
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    fee: String,
    #[serde(default)]
    reason: String,
    /// The `out_trade_no` of the payment. Empty means the payment that paid the order.
    #[serde(default)]
    payment: String,
}

/// `GET /console/orders/{id}/refund`: the confirmation page, with the amount in yuan.
pub(super) async fn confirm(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    match confirmation(&state, &staff, &id, &asked).await {
        Ok(html) => page(html),
        Err(error) => failed(&staff, &error, &order_path(&id)),
    }
}

async fn confirmation(state: &AppState, staff: &Staff, id: &str, asked: &Asked) -> Result<String, ShopError> {
    staff.check(Right::Refund)?;
    let file = state.shop.admin().order(&id_of(id)?).await?;
    let fee = fee_of(&asked.fee)?;
    let named = number_of::<OutTradeNo>(&asked.payment)?;
    let payment = file.payment(named.as_ref()).ok_or(ShopError::RefundTooMuch(0))?;
    if fee > payment.refundable() {
        return Err(ShopError::RefundTooMuch(payment.refundable().0));
    }
    let reason = reason_of(&asked.reason)?;
    let number = state.shop.refunds().new_refund_number(&file.order.id).to_string();
    Ok(refund_page(
        &head(staff),
        &file,
        &Confirmation { payment, fee, reason, number: &number, after_sale: None },
    ))
}

#[derive(Deserialize)]
pub(super) struct Confirmed {
    #[serde(default)]
    pub(super) fee: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    pub(super) number: String,
    #[serde(default)]
    payment: String,
    #[serde(default)]
    pub(super) restock: String,
}

/// `POST /console/orders/{id}/refund`, from the confirmation page.
pub(super) async fn refund(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
    Form(form): Form<Confirmed>,
) -> Response {
    let done = async {
        let number: OutRefundNo = form.number.parse().map_err(|_| ShopError::Invalid(AGAIN))?;
        let (id, fee, reason) = (id_of(&id)?, fee_of(&form.fee)?, reason_of(&form.reason)?);
        let asked = RefundRequest {
            out_trade_no: number_of(&form.payment)?,
            fee: Some(fee),
            reason: reason.to_owned(),
            who: String::new(),
            out_refund_no: Some(number),
            restock: form.restock == "1",
        };
        state.shop.refunds().refund_by(&staff, &id, asked).await.map(drop)
    };
    outcome(&staff, done.await, &order_path(&id), "refund")
}

#[derive(Deserialize)]
pub(super) struct Redirected {
    number: String,
    to: String,
    #[serde(default)]
    bank: String,
    #[serde(default)]
    card: String,
    #[serde(default)]
    name: String,
}

/// `POST /console/orders/{id}/redirect-refund`: sends an abnormal refund to another account.
pub(super) async fn redirect(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
    Form(form): Form<Redirected>,
) -> Response {
    let done = async {
        let number: OutRefundNo = form.number.parse().map_err(|_| ShopError::NotFound)?;
        let target = match form.to.as_str() {
            "merchant" => RefundTarget::Merchant,
            "card" => RefundTarget::Card {
                bank_type: form.bank,
                number: Secret::new(form.card),
                name: Secret::new(form.name),
            },
            _ => return Err(ShopError::BadRequest("to is card or merchant")),
        };
        state.shop.refunds().redirect_refund(&staff, &number, target).await
    };
    outcome(&staff, done.await, &order_path(&id), "redirected")
}
