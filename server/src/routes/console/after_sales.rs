//! The list of after-sales, and the answers of staff.

use app::console::{Confirmation, after_sales_page, refund_page};
use axum::{
    Form,
    extract::{Path, Query, State},
    http::header,
    response::{IntoResponse, Response},
};
use model::AfterSaleId;
use serde::Deserialize;
use shop::{AFTER_SALES_PAGE, AfterSaleRefund, AfterSaleView, Picture, Right, ShopError, Staff};

use super::{
    StaffAuth, failed, head, outcome, page,
    refunds::{Confirmed, fee_of, number_of},
};
use crate::{response, state::AppState};

const PAGE: &str = "/console/after-sales";

#[derive(Deserialize)]
pub(super) struct ViewQuery {
    #[serde(default)]
    view: String,
    #[serde(default)]
    before: String,
}

/// `GET /console/after-sales`.
pub(super) async fn list(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Query(query): Query<ViewQuery>,
) -> Response {
    let view = query.view.parse().unwrap_or(AfterSaleView::Waiting);
    let before = query.before.parse::<AfterSaleId>().ok();
    match state.shop.after_sales().list(&staff, view, before.as_ref()).await {
        Ok(found) => {
            let last = found
                .last()
                .filter(|_| found.len() == AFTER_SALES_PAGE)
                .map(|last| last.after_sale.id.clone());
            page(after_sales_page(&head(&staff), view, &found, last.as_ref().map(AfterSaleId::as_str)))
        }
        Err(error) => failed(&staff, &error, "/console"),
    }
}

fn id_of(id: &str) -> Result<AfterSaleId, ShopError> {
    id.parse().map_err(|_| ShopError::NotFound)
}

/// The page of the order of an after-sale, or the list if the id is not valid.
fn back(id: &str) -> String {
    match id.parse::<AfterSaleId>().ok().and_then(|id| id.order_id()) {
        Some(order) => format!("/console/orders/{order}"),
        None => PAGE.to_owned(),
    }
}

#[derive(Deserialize)]
pub(super) struct Answer {
    #[serde(default)]
    answer: String,
}

/// `POST /console/after-sales/{id}/agree`: staff accept that the goods come back; `answer` is the address for them.
pub(super) async fn agree(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
    Form(form): Form<Answer>,
) -> Response {
    let done = async { state.shop.after_sales().agree(&staff, &id_of(&id)?, &form.answer).await };
    outcome(&staff, done.await, &back(&id), "agreed")
}

/// `POST /console/after-sales/{id}/decline`.
pub(super) async fn decline(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
    Form(form): Form<Answer>,
) -> Response {
    let done = async { state.shop.after_sales().decline(&staff, &id_of(&id)?, &form.answer).await };
    outcome(&staff, done.await, &back(&id), "declined")
}

/// `POST /console/after-sales/{id}/receive`: the goods have come back.
pub(super) async fn receive(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
) -> Response {
    let done = async { state.shop.after_sales().receive(&staff, &id_of(&id)?).await };
    match done.await {
        // the refund is the next step, so the page opens at its form
        Ok(()) => response::see_other(&format!("{}?done=received#{id}", back(&id))),
        Err(error) => failed(&staff, &error, &back(&id)),
    }
}

#[derive(Deserialize)]
pub(super) struct Amount {
    #[serde(default)]
    fee: String,
}

/// `GET /console/after-sales/{id}/refund`: the confirmation page, with the amount in yuan.
pub(super) async fn confirm(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
    Query(asked): Query<Amount>,
) -> Response {
    match confirmation(&state, &staff, &id, &asked).await {
        Ok(html) => page(html),
        Err(error) => failed(&staff, &error, &back(&id)),
    }
}

async fn confirmation(
    state: &AppState,
    staff: &Staff,
    id: &str,
    asked: &Amount,
) -> Result<String, ShopError> {
    staff.check(Right::Refund)?;
    let id = id_of(id)?;
    let file = state.shop.admin().order(&id.order_id().ok_or(ShopError::NotFound)?).await?;
    let found = file.after_sales.iter().find(|one| one.id == id).ok_or(ShopError::NotFound)?;
    if !found.state.is_open() {
        return Err(ShopError::Changed);
    }
    let fee = fee_of(&asked.fee)?;
    let payment = file.payment(None).ok_or(ShopError::RefundTooMuch(0))?;
    if fee > payment.refundable() {
        return Err(ShopError::RefundTooMuch(payment.refundable().0));
    }
    let number = state.shop.refunds().new_refund_number(&file.order.id).to_string();
    let asked =
        Confirmation { payment, fee, reason: &found.reason, number: &number, after_sale: Some(found) };
    Ok(refund_page(&head(staff), &file, &asked))
}

/// `POST /console/after-sales/{id}/refund`, from the confirmation page. A second tap makes no second refund.
pub(super) async fn refund(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
    Form(form): Form<Confirmed>,
) -> Response {
    let done = async {
        let refund = AfterSaleRefund {
            fee: Some(fee_of(&form.fee)?),
            out_refund_no: number_of(&form.number)?,
            restock: form.restock == "1",
        };
        state.shop.after_sales().refund(&staff, &id_of(&id)?, refund).await
    };
    outcome(&staff, done.await, &back(&id), "granted")
}

/// `GET /console/after-sales/{id}/pictures/{number}`.
pub(super) async fn picture(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path((id, number)): Path<(String, i64)>,
) -> Response {
    let found = async { state.shop.after_sales().picture(&staff, &id_of(&id)?, number).await };
    match found.await {
        Ok(found) => private_picture(found),
        Err(error) => failed(&staff, &error, &back(&id)),
    }
}

/// A picture that only its shopper and staff may see.
pub(in crate::routes) fn private_picture(picture: Picture) -> Response {
    let headers = [
        (header::CONTENT_TYPE, picture.media_type),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ];
    (headers, picture.bytes).into_response()
}
