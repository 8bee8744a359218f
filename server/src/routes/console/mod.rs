//! The merchant's console. Each handler gets the staff member ([`StaffAuth`]), calls the shop, which checks the role, and
//! renders a page of `app::console`.

mod account;
mod after_sales;
mod audit;
mod catalogue;
mod complaints;
mod dashboard;
mod discrepancies;
mod figures;
mod freight;
mod invoices;
mod join;
mod language;
mod orders;
mod packing;
mod privacy;
mod product_file;
mod product_options;
mod refunds;
mod save_product;
mod settings;
mod share;
mod shipping;
mod sign_in;
mod staff;
mod staff_auth;
mod upload;

use app::console::{Head, STYLE, STYLE_PATH, message_page, sentence};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Path, State},
    http::header,
    middleware,
    response::{Html, IntoResponse, Response},
    routing::{any, get, post},
};
use model::OrderId;
use serde::Deserialize;
use shop::{MAX_PARCEL_FILE_BYTES, MAX_PICTURE_BYTES, MAX_PRODUCT_FILE_BYTES, ShopError, Staff};

pub(crate) use self::sign_in::SignIns;
use self::staff_auth::StaffAuth;
use super::{is_below, upload_body};

pub(super) use self::after_sales::private_picture;
use crate::{response, state::AppState};

/// The console's pages and forms, except uploads.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/console/language", post(language::choose))
        .route("/console", get(dashboard::show))
        .route("/console/", any(async || response::see_other("/console")))
        .route("/console/sign-in", get(sign_in::show).post(sign_in::sign_in))
        .route("/console/sign-out", post(sign_in::sign_out))
        .route("/console/figures", get(figures::show))
        .route("/console/figures.csv", post(figures::export))
        .route("/console/money.csv", post(figures::export_money))
        .route("/console/orders", get(orders::list))
        .route("/console/orders.csv", post(orders::export))
        .route("/console/orders/{id}", get(orders::show))
        .route("/console/orders/{id}/ship", post(shipping::ship))
        .route("/console/orders/{id}/finish", post(shipping::finish))
        .route("/console/orders/{id}/hand-over", post(shipping::hand_over))
        .route("/console/orders/{id}/report", post(shipping::report))
        .route("/console/orders/{id}/refund", get(refunds::confirm).post(refunds::refund))
        .route("/console/orders/{id}/redirect-refund", post(refunds::redirect))
        .route("/console/after-sales", get(after_sales::list))
        .route("/console/after-sales/{id}/agree", post(after_sales::agree))
        .route("/console/after-sales/{id}/decline", post(after_sales::decline))
        .route("/console/after-sales/{id}/receive", post(after_sales::receive))
        .route("/console/after-sales/{id}/refund", get(after_sales::confirm).post(after_sales::refund))
        .route("/console/after-sales/{id}/pictures/{number}", get(after_sales::picture))
        .route("/console/orders/{id}/invoice", post(invoices::issue))
        .route("/console/orders/{id}/shopper", get(privacy::show))
        .route("/console/orders/{id}/shopper/data.json", post(privacy::copy))
        .route("/console/orders/{id}/shopper/erase", post(privacy::erase))
        .route("/console/packing", get(packing::list))
        .route("/console/packing/notes", get(packing::notes))
        .route("/console/packing/pick-list", get(packing::picks))
        .route("/console/packing/waiting.csv", post(packing::export))
        .route("/console/packing/parcels", get(packing::form))
        .route("/console/packing/ship", post(packing::ship))
        .route("/console/complaints", get(complaints::list))
        .route("/console/complaints/{id}", get(complaints::show))
        .route("/console/complaints/{id}/reply", post(complaints::reply))
        .route("/console/complaints/{id}/finish", post(complaints::finish))
        .route("/console/complaints/{id}/approve", post(complaints::approve))
        .route("/console/complaints/{id}/refuse", post(complaints::refuse))
        .route("/console/complaints/{id}/pictures/{position}", get(complaints::picture))
        .route("/console/catalogue", get(catalogue::list).post(catalogue::add))
        .route("/console/catalogue/new", get(catalogue::new))
        .route("/console/catalogue/file", get(product_file::form))
        .route("/console/catalogue/file.csv", post(product_file::export))
        .route("/console/catalogue/{id}", get(catalogue::show).post(catalogue::change))
        .route("/console/catalogue/{id}/save", post(save_product::save))
        .route("/console/catalogue/{id}/share", post(share::share))
        .route("/console/catalogue/{id}/code", get(share::code))
        .route("/console/catalogue/{id}/shelf", post(catalogue::shelf))
        .route("/console/catalogue/{id}/options", post(product_options::save))
        .route("/console/catalogue/{id}/sale-period", post(catalogue::sale_period))
        .route("/console/catalogue/{id}/archive", post(catalogue::archive))
        .route("/console/catalogue/{id}/skus", post(catalogue::add_sku))
        .route("/console/catalogue/{id}/skus/{sku}", post(catalogue::change_sku))
        .route("/console/catalogue/{id}/skus/{sku}/stock", post(catalogue::stock))
        .route("/console/freight", get(freight::show).post(freight::save))
        .route("/console/freight/delete", post(freight::delete))
        .route("/console/differences", get(discrepancies::list).post(discrepancies::resolve))
        .route("/console/settings", get(settings::show))
        .route("/console/staff", get(staff::list).post(staff::invite))
        .route("/console/staff/{name}/role", post(staff::role))
        .route("/console/staff/{name}/reset", post(staff::reset))
        .route("/console/staff/{name}/sign-out", post(staff::end_sessions))
        .route("/console/staff/{name}/remove", post(staff::remove))
        .route("/console/account", get(account::show))
        .route("/console/account/password", post(account::change_password))
        .route("/console/account/factor", post(account::renew_second_factor))
        .route("/console/account/sessions", post(account::end_session))
        .route("/console/join/{token}", get(join::show).post(join::accept))
        .route("/console/audit", get(audit::list))
        .route("/console/catalogue/{id}/pictures/arrange", post(upload::arrange))
        .route("/console/{*rest}", any(unknown))
        .route(STYLE_PATH, get(style))
        .route("/pictures/u/{id}", get(picture))
        .layer(middleware::from_fn(language::of_visitor))
}

/// Reads the id of an order in a path.
fn id_of(id: &str) -> Result<OrderId, ShopError> {
    id.parse().map_err(|_| ShopError::NotFound)
}

/// The path of an order's page, or of the list if the id is not valid.
fn order_path(id: &str) -> String {
    match id_of(id) {
        Ok(id) => format!("/console/orders/{id}"),
        Err(_) => "/console/orders".to_owned(),
    }
}

/// Where shoppers send goods: the configured address, or the one that staff wrote last. Empty before the first one.
async fn return_address(state: &AppState) -> Result<String, ShopError> {
    match &state.shop.settings().after_sale.return_address {
        Some(address) => Ok(address.clone()),
        None => state.shop.after_sales().last_return_address().await,
    }
}

/// Whether a path belongs to the console.
pub(crate) fn is_console(path: &str) -> bool {
    is_below(path, "/console")
}

/// The uploads. They count the bytes themselves, so that a person with a large picture gets a message.
pub(crate) fn uploads() -> Router<AppState> {
    let limit = DefaultBodyLimit::max(MAX_PICTURE_BYTES + upload_body::FORM);
    Router::new()
        .route("/console/catalogue/{id}/picture", post(upload::picture).layer(limit))
        .route("/console/catalogue/{id}/pictures", post(upload::more).layer(limit))
        .route(
            "/console/packing/preview",
            post(packing::preview).layer(DefaultBodyLimit::max(MAX_PARCEL_FILE_BYTES + upload_body::FORM)),
        )
        .route(
            "/console/catalogue/file/preview",
            post(product_file::preview)
                .layer(DefaultBodyLimit::max(MAX_PRODUCT_FILE_BYTES + upload_body::FORM)),
        )
        .route(
            "/console/catalogue/file/import",
            post(product_file::import)
                .layer(DefaultBodyLimit::max(product_file::MAX_CONFIRMED_BYTES + upload_body::FORM)),
        )
        .layer(middleware::from_fn(language::of_visitor))
}

/// The notice in the URL that a form redirects to.
#[derive(Deserialize)]
struct Done {
    done: Option<String>,
}

impl Done {
    fn head<'a>(&'a self, staff: &'a Staff) -> Head<'a> {
        Head { staff, done: self.done.as_deref() }
    }
}

/// The head of a page without a notice.
const fn head(staff: &Staff) -> Head<'_> {
    Head { staff, done: None }
}

fn page(html: String) -> Response {
    Html(html).into_response()
}

/// A page with the reason of a refusal and a link back.
fn failed(staff: &Staff, error: &ShopError, back: &str) -> Response {
    response::log(error);
    let html = message_page(&head(staff), sentence(error), back);
    (response::status(error), Html(html)).into_response()
}

/// The answer to a form: a redirect to the page that shows the result, or the reason of the refusal.
fn outcome(staff: &Staff, done: Result<(), ShopError>, back: &str, word: &str) -> Response {
    match done {
        Ok(()) => response::see_other(&format!("{back}?done={word}")),
        Err(error) => failed(staff, &error, back),
    }
}

/// Answers an unknown address of the console.
async fn unknown(StaffAuth { staff, .. }: StaffAuth) -> Response {
    failed(&staff, &ShopError::NotFound, "/console")
}

async fn style() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, STYLE).into_response()
}

/// `GET /pictures/u/{id}`: an uploaded picture. Its name is the hash of its bytes.
async fn picture(State(state): State<AppState>, Path(id): Path<String>) -> Response {
    match state.shop.products().picture(&id).await {
        Ok(picture) => {
            let headers = [
                (header::CONTENT_TYPE, picture.media_type),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable".to_owned()),
                (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
            ];
            (headers, picture.bytes).into_response()
        }
        Err(error) => {
            response::log(&error);
            response::status(&error).into_response()
        }
    }
}
