//! The merchant's console. [`route_table`] says who may open each route, and [`StaffAuth`] checks it. A handler calls
//! the shop, which checks the right for each change again, and renders a page of `app::console`.

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
mod new_product;
mod orders;
mod packing;
mod privacy;
mod product_file;
mod product_options;
mod refunds;
mod route_table;
mod save_product;
mod settings;
mod share;
mod shipping;
mod sign_in;
mod staff;
mod staff_auth;
mod upload;

use app::console::{Head, STYLE, message_page, sentence};
use axum::{
    extract::{Path, State},
    http::header,
    response::{Html, IntoResponse, Response},
};
use model::OrderId;
use serde::Deserialize;
use shop::{ShopError, Staff};

use self::staff_auth::StaffAuth;
pub(crate) use self::{
    route_table::{routes, uploads},
    sign_in::SignIns,
};
use super::is_below;

pub(super) use self::after_sales::private_picture;
use crate::{response, state::AppState};

/// Reads the id of an order in a path.
fn id_of(id: &str) -> Result<OrderId, ShopError> {
    id.parse().map_err(|_| ShopError::NotFound)
}

/// The path of an order's page, or of the list of orders if the id is not valid.
fn order_path(id: &str) -> String {
    match id_of(id) {
        Ok(id) => format!("/console/orders/{id}"),
        Err(_) => "/console/orders".to_owned(),
    }
}

/// The address to which shoppers send goods back: the configured one, or the one that staff wrote last. Empty if there
/// is neither.
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

/// The word in the query after a form: the page shows the notice for it.
#[derive(Deserialize)]
struct NoticeQuery {
    done: Option<String>,
}

impl NoticeQuery {
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

/// A page with the reason of a refusal, and a link to `back`.
fn failed(staff: &Staff, error: &ShopError, back: &str) -> Response {
    response::log(error);
    let html = message_page(&head(staff), sentence(error), back);
    (response::status(error), Html(html)).into_response()
}

/// The response to a form: a redirect to `back` with the notice `word`, or the reason of the refusal.
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

/// `GET /pictures/u/{id}`: an uploaded picture. Browsers may cache it for ever, because its name is the hash of its
/// bytes.
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
