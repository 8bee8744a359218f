//! The forms of after-sales: apply, withdraw, send goods back; and the pictures.

use app::messages;
use axum::{
    Form,
    body::Body,
    extract::{FromRequest, Multipart, Path, Request, State, rejection::FormRejection},
    response::Response,
};
use model::{AfterSaleId, LocalizedText, after_sale::AfterSaleKind};
use shop::{AfterSaleForm, MAX_AFTER_SALE_PICTURE_BYTES, MAX_AFTER_SALE_PICTURES, ShopError, typed};

use super::{
    console::private_picture,
    fields::Fields,
    form_page::FormPage,
    orders::OwnOrder,
    upload_body::{BROKEN, whole},
};
use crate::{request_context::RequestContext, response, state::AppState};

/// The largest size of all pictures of the form, in bytes.
pub(super) const MAX_PICTURES_BYTES: usize = MAX_AFTER_SALE_PICTURES * MAX_AFTER_SALE_PICTURE_BYTES;

const TOO_LARGE: ShopError = ShopError::invalid(
    "图片太大：最多 4 张，每张不超过 6 MB",
    "The pictures are too large: at most 4, each at most 6 MB.",
);

/// `POST /orders/{id}/after-sale`: `kind`, `reason`, `pieces-N` for each line N of the order, and `picture` files. `why` is
/// a chosen reason; the text `reason` adds to it.
pub(super) async fn apply(
    State(state): State<AppState>,
    context: RequestContext,
    page: FormPage,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let own = match OwnOrder::of(&context, &id, messages::NOT_REQUESTED) {
        Ok(own) => own,
        Err(response) => return response,
    };
    let path = format!("{}/after-sale", own.page);
    let (fields, pictures) = match read(request).await {
        Ok(read) => read,
        Err(error) => {
            return page.show(&path, Fields::default(), &error, vec![("picture", error.sentence())]).await;
        }
    };
    let form = match form_of(&fields, pictures) {
        Ok(form) => form,
        Err((field, sentence)) => {
            return page.show(&path, fields, &ShopError::Invalid(sentence), vec![(field, sentence)]).await;
        }
    };
    match state.shop.after_sales().apply(&own.shopper, &own.id, form).await {
        Ok(asked) => response::see_other(&format!("{}/after-sales/{asked}", own.page)),
        Err(error @ ShopError::Invalid(_)) => {
            let problems =
                if reason_of(&fields).is_empty() { vec![("reason", error.sentence())] } else { Vec::new() };
            page.show(&path, fields, &error, problems).await
        }
        Err(error @ ShopError::PictureNotSaved(_)) => {
            let problems = vec![("picture", error.sentence())];
            page.show(&path, fields, &error, problems).await
        }
        Err(error) => own.refused(&error, messages::NOT_REQUESTED),
    }
}

/// The fields and the pictures of the form.
async fn read(request: Request) -> Result<(Fields, Vec<Vec<u8>>), ShopError> {
    let (parts, body) = request.into_parts();
    let request = Request::from_parts(parts, Body::from(whole(body, MAX_PICTURES_BYTES, TOO_LARGE).await?));
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| BROKEN)?;
    let (mut fields, mut pictures) = (Vec::new(), Vec::new());
    while let Some(field) = form.next_field().await.map_err(|_| BROKEN)? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(|_| BROKEN)?;
        if name == "picture" {
            pictures.push(bytes.into());
        } else {
            fields.push((name, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    Ok((Fields::new(fields), pictures))
}

/// The content of the form. The error is the wrong field and its sentence.
fn form_of(fields: &Fields, pictures: Vec<Vec<u8>>) -> Result<AfterSaleForm, (&'static str, LocalizedText)> {
    let kind = fields.one("kind").and_then(|word| word.parse::<AfterSaleKind>().ok());
    let Some(kind) = kind else { return Err(("kind", messages::CHOOSE_KIND)) };
    let mut lines = Vec::new();
    let mut has_lines = false;
    for (name, pieces) in fields.iter() {
        let Some(position) = name.strip_prefix("pieces-") else { continue };
        has_lines = true;
        let (Ok(position), Ok(pieces)) = (position.parse(), typed::number(pieces).parse::<i64>()) else {
            return Err(("pieces", messages::CHOOSE_PIECES));
        };
        if pieces != 0 {
            lines.push((position, pieces));
        }
    }
    if has_lines && lines.is_empty() {
        return Err(("pieces", messages::CHOOSE_PIECES));
    }
    Ok(AfterSaleForm { kind, lines, reason: reason_of(fields), pictures })
}

/// The chosen reason, and after it the shopper's own words.
fn reason_of(fields: &Fields) -> String {
    let (why, words) = (fields.text("why"), fields.text("reason"));
    let separator = if why.trim().is_empty() || words.trim().is_empty() { "" } else { "：" };
    format!("{}{separator}{}", why.trim(), words.trim())
}

/// Reads the order and the after-sale of a path. The order must be the shopper's own.
fn own_after_sale(
    context: &RequestContext,
    id: &str,
    after_sale: &str,
    title: LocalizedText,
) -> Result<(OwnOrder, AfterSaleId), Box<Response>> {
    let own = OwnOrder::of(context, id, title)?;
    match after_sale.parse::<AfterSaleId>() {
        Ok(found) if found.order_id().as_ref() == Some(&own.id) => Ok((own, found)),
        _ => Err(Box::new(own.refused(&ShopError::NotFound, title))),
    }
}

/// `POST /orders/{id}/refund-request`: asks for a refund of everything that is left, with a `reason`. It is for older
/// programs; the page has the form of after-sales.
pub(super) async fn ask_for_refund(
    State(state): State<AppState>,
    context: RequestContext,
    page: FormPage,
    Path(id): Path<String>,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    let own = match OwnOrder::of(&context, &id, messages::NOT_REQUESTED) {
        Ok(own) => own,
        Err(response) => return response,
    };
    let fields = Fields::of(form);
    let form = AfterSaleForm::whole(&fields.text("reason"));
    match state.shop.after_sales().apply(&own.shopper, &own.id, form).await {
        Ok(_) => response::see_other(&own.page),
        Err(error @ ShopError::Invalid(_)) => {
            let problems = vec![("reason", error.sentence())];
            page.show(&format!("{}/after-sale", own.page), fields, &error, problems).await
        }
        Err(error) => own.refused(&error, messages::NOT_REQUESTED),
    }
}

/// `POST /orders/{id}/refund-request/withdraw`: withdraws the newest after-sale.
pub(super) async fn withdraw_refund_request(
    State(state): State<AppState>,
    context: RequestContext,
    Path(id): Path<String>,
) -> Response {
    let own = match OwnOrder::of(&context, &id, messages::NOT_SAVED) {
        Ok(own) => own,
        Err(response) => return response,
    };
    let newest = async {
        let known = state.shop.after_sales().of_order(&own.id).await?;
        let newest = known.last().ok_or(ShopError::NotFound)?;
        state.shop.after_sales().withdraw(&own.shopper, &newest.id).await
    };
    match newest.await {
        Ok(()) => response::see_other(&own.page),
        Err(error) => own.refused(&error, messages::NOT_SAVED),
    }
}

/// `POST /orders/{id}/after-sales/{after_sale}/withdraw`: the shopper withdraws the after-sale.
pub(super) async fn withdraw(
    State(state): State<AppState>,
    context: RequestContext,
    Path((id, after_sale)): Path<(String, String)>,
) -> Response {
    let (own, id) = match own_after_sale(&context, &id, &after_sale, messages::NOT_SAVED) {
        Ok(own) => own,
        Err(response) => return *response,
    };
    match state.shop.after_sales().withdraw(&own.shopper, &id).await {
        Ok(()) => response::see_other(&format!("{}/after-sales/{id}?done=withdrawn", own.page)),
        Err(error) => own.refused(&error, messages::NOT_SAVED),
    }
}

/// `POST /orders/{id}/after-sales/{after_sale}/parcel`: the shopper has sent the goods back, with `carrier` and
/// `tracking_no`.
pub(super) async fn send_back(
    State(state): State<AppState>,
    context: RequestContext,
    page: FormPage,
    Path((id, after_sale)): Path<(String, String)>,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    let (own, id) = match own_after_sale(&context, &id, &after_sale, messages::NOT_SAVED) {
        Ok(own) => own,
        Err(response) => return *response,
    };
    let fields = Fields::of(form);
    let path = format!("{}/after-sales/{id}", own.page);
    let (carrier, tracking_no) = (fields.text("carrier"), fields.text("tracking_no"));
    match state.shop.after_sales().send_back(&own.shopper, &id, &carrier, &tracking_no).await {
        Ok(()) => response::see_other(&path),
        Err(error @ ShopError::Invalid(_)) => {
            let problems = vec![("tracking_no", error.sentence())];
            page.show(&path, fields, &error, problems).await
        }
        Err(error) => own.refused(&error, messages::NOT_SAVED),
    }
}

/// `GET /orders/{id}/after-sales/{after_sale}/pictures/{number}`.
pub(super) async fn picture(
    State(state): State<AppState>,
    context: RequestContext,
    Path((id, after_sale, number)): Path<(String, String, i64)>,
) -> Response {
    let (own, id) = match own_after_sale(&context, &id, &after_sale, messages::NOT_FOUND) {
        Ok(own) => own,
        Err(response) => return *response,
    };
    match state.shop.after_sales().own_picture(&own.shopper, &id, number).await {
        Ok(found) => private_picture(found),
        Err(error) => own.refused(&error, messages::NOT_FOUND),
    }
}
