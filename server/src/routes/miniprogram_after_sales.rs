//! After-sales in the API of the mini program.

use axum::{
    Json,
    extract::{Path, Request, State, rejection::JsonRejection},
    response::Response,
};
use model::{AfterSaleId, OrderId, after_sale::AfterSaleKind, record::AfterSaleRecord};
use serde::Deserialize;
use serde_json::{Value, json};
use shop::{AfterSaleForm, ConsentMoment, LineLeft, MAX_AFTER_SALE_PICTURE_BYTES, OrderLine, ShopError};

use super::{
    console::private_picture,
    miniprogram::{Caller, templates},
    upload_body,
};
use crate::{response, state::AppState};

pub(super) const AFTER_SALES: &str = "/api/miniprogram/orders/{id}/after-sales";
pub(super) const WITHDRAW: &str = "/api/miniprogram/after-sales/{id}/withdraw";
pub(super) const PARCEL: &str = "/api/miniprogram/after-sales/{id}/parcel";
pub(super) const PICTURES: &str = "/api/miniprogram/after-sales/{id}/pictures";
pub(super) const PICTURE: &str = "/api/miniprogram/after-sales/{id}/pictures/{number}";

/// The largest body with a picture, in bytes.
pub(super) const MAX_UPLOAD_BYTES: usize = MAX_AFTER_SALE_PICTURE_BYTES + upload_body::FORM;

const TOO_LARGE: ShopError = ShopError::invalid(
    "图片不能超过 6 MB，请压缩后再上传",
    "A picture has at most 6 MB. Please compress it first.",
);

/// The request for an after-sale.
#[derive(Deserialize)]
pub(super) struct Asked {
    kind: String,
    reason: String,
    /// The pieces. Empty means everything that is left.
    #[serde(default)]
    lines: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    position: i64,
    pieces: i64,
}

/// An after-sale for programs. Amounts are in fen, times in milliseconds since 1970.
pub(super) fn after_sale_json(asked: &AfterSaleRecord) -> Value {
    let lines: Vec<_> = asked
        .lines
        .iter()
        .map(|line| json!({ "position": line.position, "pieces": line.pieces, "fee": line.fee.0 }))
        .collect();
    json!({
        "id": asked.id.as_str(),
        "kind": asked.kind.as_str(),
        "state": asked.state.as_str(),
        "fee": asked.fee.0,
        "lines": lines,
        "reason": asked.reason,
        "pictures": asked.pictures,
        "asked_ms": asked.asked_ms,
        "due_ms": asked.due_ms,
        "answer": asked.answer,
        "carrier": asked.carrier,
        "tracking_no": asked.tracking_no,
        "out_refund_no": asked.out_refund_no,
    })
}

fn line_json(left: &LineLeft, line: &OrderLine) -> Value {
    json!({
        "position": left.position,
        "sku": line.sku.as_str(),
        "name": line.name,
        "spec": line.spec,
        "quantity": line.quantity.get(),
        "left": left.pieces,
        "left_fee": left.fee().0,
    })
}

/// `GET /api/miniprogram/orders/{id}/after-sales`: the after-sales of an order, and its lines with the pieces that are
/// left for another one. It also has the templates for which the mini program asks together with an after-sale.
pub(super) async fn list(State(state): State<AppState>, caller: Caller, Path(id): Path<String>) -> Response {
    let Ok(id) = id.parse::<OrderId>() else { return response::refusal(&ShopError::NotFound) };
    match state.shop.orders().order(&caller.shopper, &id).await {
        Ok(order) if order.is_own => response::data(json!({
            "lines": order.left.iter().zip(&order.lines).map(|(left, line)| line_json(left, line)).collect::<Vec<_>>(),
            "may_ask": order.may_ask_for_after_sale(),
            "after_sales": order.after_sales.iter().map(after_sale_json).collect::<Vec<_>>(),
            "templates": templates(&state, ConsentMoment::AfterSale),
        })),
        Ok(_) => response::refusal(&ShopError::NotFound),
        Err(error) => response::refusal(&error),
    }
}

/// `POST /api/miniprogram/orders/{id}/after-sales`: the shopper asks for an after-sale.
pub(super) async fn apply(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    body: Result<Json<Asked>, JsonRejection>,
) -> Response {
    let Ok(id) = id.parse::<OrderId>() else { return response::refusal(&ShopError::NotFound) };
    let form = body.ok().and_then(|Json(Asked { kind, reason, lines })| {
        let kind: AfterSaleKind = kind.parse().ok()?;
        let lines = lines.iter().map(|line| (line.position, line.pieces)).collect();
        Some(AfterSaleForm { kind, lines, reason, pictures: Vec::new() })
    });
    let Some(form) = form else {
        return response::refusal(&ShopError::BadRequest(
            "the body is JSON with kind (refund or return), reason, and where wanted lines: [{position, pieces}]",
        ));
    };
    match state.shop.after_sales().apply(&caller.shopper, &id, form).await {
        Ok(id) => answer(&state, &caller, &id).await,
        Err(error) => response::refusal(&error),
    }
}

/// `POST /api/miniprogram/after-sales/{id}/withdraw`: the shopper withdraws the after-sale.
pub(super) async fn withdraw(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Response {
    let Ok(id) = id.parse::<AfterSaleId>() else { return response::refusal(&ShopError::NotFound) };
    match state.shop.after_sales().withdraw(&caller.shopper, &id).await {
        Ok(()) => answer(&state, &caller, &id).await,
        Err(error) => response::refusal(&error),
    }
}

#[derive(Deserialize)]
pub(super) struct Parcel {
    carrier: String,
    tracking_no: String,
}

/// `POST /api/miniprogram/after-sales/{id}/parcel`: the shopper has sent the goods back.
pub(super) async fn send_back(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    body: Result<Json<Parcel>, JsonRejection>,
) -> Response {
    let Ok(id) = id.parse::<AfterSaleId>() else { return response::refusal(&ShopError::NotFound) };
    let Ok(Json(Parcel { carrier, tracking_no })) = body else {
        return response::refusal(&ShopError::BadRequest("the body is JSON with carrier and tracking_no"));
    };
    match state.shop.after_sales().send_back(&caller.shopper, &id, &carrier, &tracking_no).await {
        Ok(()) => answer(&state, &caller, &id).await,
        Err(error) => response::refusal(&error),
    }
}

/// `POST /api/miniprogram/after-sales/{id}/pictures`: the shopper adds a picture. `wx.uploadFile` sends one file in each request.
pub(super) async fn add_picture(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let Ok(id) = id.parse::<AfterSaleId>() else { return response::refusal(&ShopError::NotFound) };
    let added = async {
        let file = upload_body::picture(request, MAX_AFTER_SALE_PICTURE_BYTES, TOO_LARGE).await?;
        state.shop.after_sales().add_picture(&caller.shopper, &id, file).await
    };
    match added.await {
        Ok(()) => answer(&state, &caller, &id).await,
        Err(error) => response::refusal(&error),
    }
}

/// `GET /api/miniprogram/after-sales/{id}/pictures/{number}`: a picture that the shopper added, for `wx.downloadFile`.
pub(super) async fn picture(
    State(state): State<AppState>,
    caller: Caller,
    Path((id, number)): Path<(String, i64)>,
) -> Response {
    let Ok(id) = id.parse::<AfterSaleId>() else { return response::refusal(&ShopError::NotFound) };
    match state.shop.after_sales().own_picture(&caller.shopper, &id, number).await {
        Ok(found) => private_picture(found),
        Err(error) => response::refusal(&error),
    }
}

async fn answer(state: &AppState, caller: &Caller, id: &AfterSaleId) -> Response {
    match state.shop.after_sales().own(&caller.shopper, id).await {
        Ok(asked) => response::data(after_sale_json(&asked)),
        Err(error) => response::refusal(&error),
    }
}
