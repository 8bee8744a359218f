//! The catalogue as a CSV file: export, check and import.

use app::console::{product_file_page, product_import_page, sentence};
use axum::{
    body::Body,
    extract::{FromRequest, Multipart, Request, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use shop::{ImportOutcome, MAX_PRODUCT_FILE_BYTES, ProductFile, Right, ShopError, Staff, shanghai};

use super::{
    super::upload_body::{BROKEN, whole},
    StaffAuth,
    catalogue::LIST,
    failed, head, page,
};
use crate::{request_context::language, response, state::AppState};

const PAGE: &str = "/console/catalogue/file";

/// The largest size of the lines that a preview sends back, in bytes. They are longer than the file, because each has
/// its number and all columns.
pub(super) const MAX_CONFIRMED_BYTES: usize = 2 * MAX_PRODUCT_FILE_BYTES;

const TOO_LARGE: ShopError = ShopError::invalid("文件不能超过 4 MB", "A file has at most 4 MB.");

/// `GET /console/catalogue/file`: the export, and the form for a file.
pub(super) async fn form(StaffAuth { staff, .. }: StaffAuth) -> Response {
    match staff.check(Right::Catalogue) {
        Ok(()) => page(product_file_page(&head(&staff), None)),
        Err(error) => failed(&staff, &error, LIST),
    }
}

/// `POST /console/catalogue/file.csv`.
pub(super) async fn export(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    request: Request,
) -> Response {
    match state.shop.products().export_products(&staff, language(request.headers())).await {
        Ok(file) => {
            let day = shanghai(state.now_s() * 1000).strftime("%Y%m%d");
            let name = format!("attachment; filename=\"products-{day}.csv\"");
            let headers = [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
                (header::CONTENT_DISPOSITION, name),
            ];
            (headers, file).into_response()
        }
        Err(error) => failed(&staff, &error, LIST),
    }
}

/// `POST /console/catalogue/file/preview`: shows what each line of the file would change. It writes nothing.
pub(super) async fn preview(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    request: Request,
) -> Response {
    if let Err(error) = staff.check(Right::Catalogue) {
        return failed(&staff, &error, LIST);
    }
    let checked = async {
        let [file] = parts(request, MAX_PRODUCT_FILE_BYTES, ["file"]).await?;
        let file = ProductFile::read(&file)?;
        state.shop.products().check_import(&staff, file).await
    };
    match checked.await {
        Ok(import) => page(product_import_page(&head(&staff), &import, false)),
        Err(error) => refused(&staff, &error),
    }
}

/// `POST /console/catalogue/file/import`: imports the lines of the preview, if the catalogue is still the same.
pub(super) async fn import(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    request: Request,
) -> Response {
    if let Err(error) = staff.check(Right::Catalogue) {
        return failed(&staff, &error, LIST);
    }
    let done = async {
        let [version, lines] = parts(request, MAX_CONFIRMED_BYTES, ["version", "lines"]).await?;
        let seen = String::from_utf8_lossy(&version).parse().map_err(|_| BROKEN)?;
        state.shop.products().import_products(&staff, seen, ProductFile::of_preview(&lines)?).await
    };
    match done.await {
        Ok(ImportOutcome::Done(lines)) => response::see_other(&format!("{LIST}?done=imported-{lines}")),
        Ok(ImportOutcome::Again(import)) => {
            (StatusCode::CONFLICT, Html(product_import_page(&head(&staff), &import, true))).into_response()
        }
        Err(error) => refused(&staff, &error),
    }
}

/// The form with the reason of the refusal, or the page of another error.
fn refused(staff: &Staff, error: &ShopError) -> Response {
    if !matches!(error, ShopError::Invalid(_)) {
        return failed(staff, error, PAGE);
    }
    response::log(error);
    (response::status(error), Html(product_file_page(&head(staff), Some(sentence(error))))).into_response()
}

/// The fields of a form with a file.
async fn parts<const N: usize>(
    request: Request,
    most: usize,
    names: [&str; N],
) -> Result<[Vec<u8>; N], ShopError> {
    let (parts, body) = request.into_parts();
    let body = whole(body, most, TOO_LARGE).await?;
    let form = Request::from_parts(parts, Body::from(body));
    let mut form = Multipart::from_request(form, &()).await.map_err(|_| BROKEN)?;
    let mut found = [const { None }; N];
    while let Some(field) = form.next_field().await.map_err(|_| BROKEN)? {
        if let Some(at) = names.iter().position(|name| field.name() == Some(name)) {
            found[at] = Some(Vec::from(field.bytes().await.map_err(|_| BROKEN)?));
        }
    }
    if found.iter().any(Option::is_none) {
        return Err(ShopError::invalid("请选择一个文件", "Please choose a file."));
    }
    Ok(found.map(Option::unwrap_or_default))
}
