//! Shipping in batches: the waiting orders, delivery notes, the pick list, and the import of tracking numbers.

use app::console::{
    ParcelSource, delivery_notes_page, packing_page, parcel_file_page, parcel_preview_page,
    parcels_shipped_page, pick_list_page, sentence,
};
use axum::{
    Form,
    body::Body,
    extract::{FromRequest, Multipart, Query, Request, State, rejection::FormRejection},
    http::header,
    response::{Html, IntoResponse, Response},
};
use futures::stream;
use model::{Language, OrderId};
use serde::Deserialize;
use shop::{
    MAX_PARCEL_FILE_BYTES, MAX_PARCEL_LINES, PACKING_PAGE, ParcelFile, ParcelLine, Right, Shipping,
    ShopError, Staff, shanghai,
};

use super::{
    super::upload_body::{BROKEN, whole},
    StaffAuth, failed, head, page,
};
use crate::{request_context::language, response, routes::fields::Fields, state::AppState};

const PAGE: &str = "/console/packing";

const TOO_LARGE: ShopError = ShopError::invalid("文件不能超过 1 MB", "A file has at most 1 MB.");

#[derive(Deserialize)]
pub(super) struct PageQuery {
    #[serde(default)]
    after: String,
}

/// `GET /console/packing`.
pub(super) async fn list(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Query(PageQuery { after }): Query<PageQuery>,
) -> Response {
    match state.shop.shipping().orders_to_pack(&staff, after.parse().ok().as_ref()).await {
        Ok(waiting) => page(packing_page(&head(&staff), &waiting)),
        Err(error) => failed(&staff, &error, "/console/orders"),
    }
}

/// The orders that a form names, at most those of one page.
fn chosen(fields: Vec<(String, String)>) -> Vec<OrderId> {
    let ids = fields.into_iter().filter(|(name, _)| name == "order");
    ids.filter_map(|(_, id)| id.parse().ok()).take(PACKING_PAGE).collect()
}

/// `GET /console/packing/notes`: the delivery notes of the chosen orders.
pub(super) async fn notes(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Query(fields): Query<Vec<(String, String)>>,
) -> Response {
    match state.shop.shipping().chosen_orders(&staff, &chosen(fields)).await {
        Ok(orders) => page(delivery_notes_page(&head(&staff), &orders, state.shop.settings())),
        Err(error) => failed(&staff, &error, PAGE),
    }
}

/// `GET /console/packing/pick-list`: the goods of the chosen orders together.
pub(super) async fn picks(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Query(fields): Query<Vec<(String, String)>>,
) -> Response {
    match state.shop.shipping().chosen_orders(&staff, &chosen(fields)).await {
        Ok(orders) => page(pick_list_page(&head(&staff), &orders)),
        Err(error) => failed(&staff, &error, PAGE),
    }
}

/// `POST /console/packing/waiting.csv`: all waiting orders, as a stream.
pub(super) async fn export(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    request: Request,
) -> Response {
    let (shipping, language) = (state.shop.shipping().clone(), language(request.headers()));
    let head = match shipping.begin_waiting_export(&staff, language).await {
        Ok(head) => head,
        Err(error) => return failed(&staff, &error, PAGE),
    };
    let day = shanghai(state.now_s() * 1000).strftime("%Y%m%d");
    let name = format!("attachment; filename=\"to-ship-{day}.csv\"");
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    (headers, Body::from_stream(pages(staff, shipping, head, language))).into_response()
}

/// The head, then one page of rows after the other. If the database fails, the download fails.
fn pages(
    staff: Staff,
    shipping: Shipping,
    head: String,
    language: Language,
) -> impl stream::Stream<Item = Result<String, ShopError>> {
    stream::try_unfold(
        (staff, shipping, None, Some(head)),
        move |(staff, shipping, after, head)| async move {
            if let Some(head) = head {
                return Ok(Some((head, (staff, shipping, after, None))));
            }
            let next = shipping.waiting_export_page(&staff, after.as_ref(), language).await?;
            Ok(next.map(|(lines, last)| (lines, (staff, shipping, Some(last), None))))
        },
    )
}

/// `GET /console/packing/parcels`: the form for a file.
pub(super) async fn form(StaffAuth { staff, .. }: StaffAuth) -> Response {
    match staff.check(Right::Ship) {
        Ok(()) => page(parcel_file_page(&head(&staff), None)),
        Err(error) => failed(&staff, &error, PAGE),
    }
}

/// `POST /console/packing/preview`: shows what each line of the file would ship. It changes nothing.
pub(super) async fn preview(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    request: Request,
) -> Response {
    if let Err(error) = staff.check(Right::Ship) {
        return failed(&staff, &error, PAGE);
    }
    let checked = async {
        let file = ParcelFile::read(&file(request).await?)?;
        Ok((state.shop.shipping().check_parcels(&staff, file.lines).await?, file.without_parcel))
    };
    match checked.await {
        Ok((parcels, empty)) => {
            page(parcel_preview_page(&head(&staff), &parcels, ParcelSource::File { empty }))
        }
        Err(error @ ShopError::Invalid(_)) => {
            response::log(&error);
            let html = parcel_file_page(&head(&staff), Some(sentence(&error)));
            (response::status(&error), Html(html)).into_response()
        }
        Err(error) => failed(&staff, &error, PAGE),
    }
}

/// `POST /console/packing/typed`: shows what the typed tracking numbers would ship. It changes nothing. The fields are
/// `carrier`, and `tracking-ORDER` for each order of the page.
pub(super) async fn typed(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    fields: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    let fields = Fields::of(fields);
    let lines = typed_lines(&fields);
    if lines.is_empty() {
        return failed(&staff, &NOTHING_TYPED, PAGE);
    }
    match state.shop.shipping().check_parcels(&staff, lines).await {
        Ok(parcels) => page(parcel_preview_page(&head(&staff), &parcels, ParcelSource::Typed)),
        Err(error) => failed(&staff, &error, PAGE),
    }
}

const NOTHING_TYPED: ShopError =
    ShopError::invalid("请至少填写一个运单号", "Please enter at least one tracking number.");

/// The orders with a typed tracking number.
fn typed_lines(fields: &Fields) -> Vec<ParcelLine> {
    let carrier = fields.text("carrier");
    let rows = fields.iter().filter_map(|(name, number)| Some((name.strip_prefix("tracking-")?, number)));
    (1..)
        .zip(rows)
        .filter(|(_, (_, number))| !number.trim().is_empty())
        .map(|(line, (order, number))| ParcelLine::typed(line, order, &carrier, number))
        .take(PACKING_PAGE)
        .collect()
}

/// The file of the form.
async fn file(request: Request) -> Result<Vec<u8>, ShopError> {
    let (parts, body) = request.into_parts();
    let body = whole(body, MAX_PARCEL_FILE_BYTES, TOO_LARGE).await?;
    let form = Request::from_parts(parts, Body::from(body));
    let mut form = Multipart::from_request(form, &()).await.map_err(|_| BROKEN)?;
    while let Some(field) = form.next_field().await.map_err(|_| BROKEN)? {
        if field.name() == Some("file") {
            return field.bytes().await.map(Vec::from).map_err(|_| BROKEN);
        }
    }
    Err(ShopError::invalid("请选择一个文件", "Please choose a file."))
}

/// `POST /console/packing/ship`: ships the lines of the preview. The shop checks each line again.
pub(super) async fn ship(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    fields: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    let fields = Fields::of(fields);
    let lines = fields.all("line").filter_map(line_of).take(MAX_PARCEL_LINES).collect();
    match state.shop.shipping().ship_parcels(&staff, lines).await {
        Ok(parcels) => page(parcels_shipped_page(&head(&staff), &parcels)),
        Err(error) => failed(&staff, &error, PAGE),
    }
}

/// Reads a line in the form in which the preview wrote it.
fn line_of(text: &str) -> Option<ParcelLine> {
    let mut parts = text.split('\t');
    let mut next = || parts.next().map(str::to_owned);
    Some(ParcelLine { line: next()?.parse().ok()?, order: next()?, carrier: next()?, tracking_no: next()? })
}
