//! The form of a new product.

use app::console::{NewProductForm, new_product_page, sentence};
use axum::{
    Form, RequestExt,
    body::Body,
    extract::{Multipart, Request, State, multipart::Field},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use shop::{
    FillValues, MAX_PICTURE_BYTES, NewProductRefused, ProductTexts, ShopError, Staff, TypedOption,
    TypedProduct, TypedSpecification,
};

use super::{
    super::upload_body::{BROKEN, whole},
    StaffAuth,
    catalogue::{LIST, categories, saved},
    failed, head, page,
};
use crate::{response, routes::fields::Fields, state::AppState};

/// The largest form that the server reads to its end, in bytes. After a larger one the page cannot show the typed texts
/// again.
pub(super) const MAX_BYTES: usize = 128 * 1024 * 1024;

/// The largest size of all texts of a form, in bytes. It is enough for a long description and 200 combinations.
const MAX_TEXTS: usize = 256 * 1024;

const TOO_LONG: ShopError =
    ShopError::invalid("内容太长，请缩短商品介绍", "The form is too long. Please shorten the description.");

/// The largest number of pictures in memory: one more than a product may have, so that the check can refuse it.
const MAX_READ_PICTURES: usize = shop::MAX_PICTURES + 1;

/// `GET /console/catalogue/new`.
pub(super) async fn show(State(state): State<AppState>, StaffAuth { staff, .. }: StaffAuth) -> Response {
    page(new_product_page(&head(&staff), &NewProductForm::default(), &categories(&state)))
}

/// The content of the form.
struct ProductFields {
    fields: Fields,
    pictures: Vec<Vec<u8>>,
}

/// `POST /console/catalogue`: adds a product. With a button of the table, it only shows the form again with the new
/// table.
pub(super) async fn add(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    request: Request,
) -> Response {
    let ProductFields { fields, pictures } = match read(request).await {
        Ok(sent) => sent,
        Err(error) => return failed(&staff, &error, "/console/catalogue/new"),
    };
    let lost_files = !pictures.is_empty();
    let mut form = NewProductForm { lost_files, ..typed(&fields) };
    let wants_fill = fields.text("do") == "fill";
    let wants_table = wants_fill || fields.text("do") == "table";
    match form.product.combine() {
        Ok(has_new_table) => form.has_new_table = has_new_table,
        // the check of all fields below reports wrong options too
        Err(error) if wants_table => {
            let problem =
                shop::ProductProblem { field: shop::ProductField::Options, sentence: error.sentence() };
            form.problems = vec![problem];
            return again(&state, &staff, StatusCode::BAD_REQUEST, &form);
        }
        Err(_) => {}
    }
    if wants_fill || form.has_new_table {
        form.fill.fill(&mut form.product.specifications);
    }
    if wants_table || form.has_new_table {
        return again(&state, &staff, StatusCode::OK, &form);
    }
    match state.shop.products().add_product(&staff, &form.product, pictures).await {
        Ok(id) => {
            let word = saved("added", &form.product.texts.name);
            response::see_other(&format!("{LIST}/{id}?done={word}"))
        }
        Err(NewProductRefused::Fields(problems)) => {
            form.problems = problems;
            again(&state, &staff, StatusCode::BAD_REQUEST, &form)
        }
        Err(NewProductRefused::Other(error @ ShopError::PictureNotSaved { .. })) => {
            response::log(&error);
            form.refused = Some(sentence(&error));
            again(&state, &staff, response::status(&error), &form)
        }
        Err(NewProductRefused::Other(error)) => failed(&staff, &error, LIST),
    }
}

fn again(state: &AppState, staff: &Staff, status: StatusCode, form: &NewProductForm) -> Response {
    (status, Html(new_product_page(&head(staff), form, &categories(state)))).into_response()
}

fn typed(fields: &Fields) -> NewProductForm {
    let options = fields.all("option").zip(fields.all("values"));
    let columns = ["price", "stock", "weight", "sku"].map(|name| fields.all(name).collect::<Vec<_>>());
    let cell = |column: usize, at: usize| columns[column].get(at).copied().unwrap_or_default().to_owned();
    let mut specifications: Vec<TypedSpecification> = fields
        .all("spec")
        .enumerate()
        .map(|(at, spec)| TypedSpecification {
            sku: cell(3, at),
            spec: spec.to_owned(),
            price: cell(0, at),
            stock: cell(1, at),
            weight: cell(2, at),
        })
        .collect();
    if specifications.is_empty() {
        let first = TypedSpecification {
            price: cell(0, 0),
            stock: cell(1, 0),
            weight: cell(2, 0),
            sku: cell(3, 0),
            ..TypedSpecification::default()
        };
        specifications.push(first);
    }
    let option =
        |(name, values): (&str, &str)| TypedOption { name: name.to_owned(), values: values.to_owned() };
    NewProductForm {
        product: TypedProduct {
            texts: texts_of(fields),
            options: options.map(option).collect(),
            specifications,
        },
        fill: fill_of(fields),
        ..NewProductForm::default()
    }
}

/// The texts of a product.
pub(super) fn texts_of(fields: &Fields) -> ProductTexts {
    ProductTexts {
        name: fields.text("name"),
        category: fields.text("category"),
        summary: fields.text("summary"),
        description: fields.text("description"),
    }
}

/// The row whose values fill the empty fields of the table.
pub(super) fn fill_of(fields: &Fields) -> FillValues {
    FillValues {
        price: fields.text("fill_price"),
        stock: fields.text("fill_stock"),
        weight: fields.text("fill_weight"),
        is_written: false,
    }
}

/// Reads the form. The buttons of the table send it without files, so it is not multipart then.
async fn read(request: Request) -> Result<ProductFields, ShopError> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("multipart/")) {
        let (parts, body) = request.into_parts();
        let body = whole(body, MAX_TEXTS, TOO_LONG).await?;
        let form = Request::from_parts(parts, Body::from(body));
        let form: Result<Form<Vec<(String, String)>>, _> = form.extract().await;
        let Form(fields) = form.map_err(|_| BROKEN)?;
        return Ok(ProductFields { fields: Fields::new(fields), pictures: Vec::new() });
    }
    let mut form: Multipart = request.extract().await.map_err(|_| BROKEN)?;
    let (mut fields, mut pictures, mut size) = (Vec::new(), Vec::new(), 0);
    while let Some(mut field) = form.next_field().await.map_err(|_| BROKEN)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "picture" {
            let bytes = picture(&mut field, pictures.len() < MAX_READ_PICTURES).await?;
            // a browser sends an empty file if the person has chosen none
            if !bytes.is_empty() {
                pictures.push(bytes);
            }
            continue;
        }
        let text = field.text().await.map_err(|_| BROKEN)?;
        size += name.len() + text.len();
        if size > MAX_TEXTS {
            return Err(TOO_LONG);
        }
        fields.push((name, text));
    }
    Ok(ProductFields { fields: Fields::new(fields), pictures })
}

/// Reads a file to its end, because a browser reads the response only after it has sent everything. It keeps one byte
/// more than a picture may have, so that the check refuses a larger one.
async fn picture(field: &mut Field<'_>, is_kept: bool) -> Result<Vec<u8>, ShopError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|_| BROKEN)? {
        let most = if is_kept { MAX_PICTURE_BYTES + 1 } else { 0 };
        let room = most.saturating_sub(bytes.len());
        bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
    }
    Ok(bytes)
}
