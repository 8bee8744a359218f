//! All routes of the console, and who may open each of them.
//!
//! A route without [`RouteAccess`] does not compile, and [`StaffAuth`](super::StaffAuth) refuses other roles. The
//! use cases of the shop check the right for each change again.

use app::console::STYLE_PATH;
use axum::{
    Extension, Router,
    extract::DefaultBodyLimit,
    handler::Handler,
    middleware,
    routing::{self, MethodRouter},
};
use shop::{
    MAX_PARCEL_FILE_BYTES, MAX_PICTURE_BYTES, MAX_PRODUCT_FILE_BYTES,
    Right::{
        self, Catalogue, Complaints, Export, Invoice, OrdersToShip, Privacy, Read, Refund, Resolve, Settings,
        Ship, Staff,
    },
    Role,
};

use super::{
    super::upload_body, account, after_sales, audit, catalogue, complaints, dashboard, discrepancies,
    figures, freight, invoices, join, language, new_product, orders, packing, picture, privacy, product_file,
    product_options, refunds, save_product, settings, share, shipping, sign_in, staff, style, unknown,
    upload,
};
use crate::{response, state::AppState};

/// Who may open a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RouteAccess {
    /// All visitors.
    Everyone,
    /// All signed-in staff members.
    AnyStaff,
    /// Staff members whose role has this right.
    With(Right),
}

use RouteAccess::{AnyStaff, Everyone, With};

impl RouteAccess {
    /// Whether a staff member with this role may open the route.
    pub(super) const fn to(self, role: Role) -> bool {
        match self {
            Self::Everyone | Self::AnyStaff => true,
            Self::With(right) => role.may(right),
        }
    }
}

/// A route of the console.
struct Route {
    #[cfg_attr(not(test), expect(dead_code, reason = "the test compares it with the list of routes"))]
    method: &'static str,
    path: &'static str,
    access: RouteAccess,
    handler: MethodRouter<AppState>,
}

impl Route {
    fn new(
        method: &'static str,
        path: &'static str,
        access: RouteAccess,
        handler: MethodRouter<AppState>,
    ) -> Self {
        Self { method, path, access, handler }
    }

    /// The route with another limit for its body: a form with files of this size, in bytes.
    fn limited(self, bytes: usize) -> Self {
        let limit = DefaultBodyLimit::max(bytes + upload_body::FORM);
        Self { handler: self.handler.layer(limit), ..self }
    }
}

fn get<T: 'static>(path: &'static str, access: RouteAccess, handler: impl Handler<T, AppState>) -> Route {
    Route::new("GET", path, access, routing::get(handler))
}

fn post<T: 'static>(path: &'static str, access: RouteAccess, handler: impl Handler<T, AppState>) -> Route {
    Route::new("POST", path, access, routing::post(handler))
}

/// A route for all methods.
fn any<T: 'static>(path: &'static str, access: RouteAccess, handler: impl Handler<T, AppState>) -> Route {
    Route::new("ANY", path, access, routing::any(handler))
}

/// The pages and forms, except uploads.
fn pages() -> Vec<Route> {
    vec![
        post("/console/language", Everyone, language::choose),
        get("/console", AnyStaff, dashboard::show),
        any("/console/", Everyone, async || response::see_other("/console")),
        get("/console/sign-in", Everyone, sign_in::show),
        post("/console/sign-in", Everyone, sign_in::sign_in),
        post("/console/sign-out", AnyStaff, sign_in::sign_out),
        get("/console/figures", With(Read), figures::show),
        post("/console/figures.csv", With(Export), figures::export),
        post("/console/money.csv", With(Export), figures::export_money),
        get("/console/orders", With(OrdersToShip), orders::list),
        post("/console/orders.csv", With(Export), orders::export),
        get("/console/orders/{id}", With(OrdersToShip), orders::show),
        post("/console/orders/{id}/ship", With(Ship), shipping::ship),
        post("/console/orders/{id}/finish", With(Ship), shipping::finish),
        post("/console/orders/{id}/address", With(Ship), shipping::correct_address),
        post("/console/orders/{id}/hand-over", With(Ship), shipping::hand_over),
        post("/console/orders/{id}/report", With(Ship), shipping::report),
        get("/console/orders/{id}/refund", With(Refund), refunds::confirm),
        post("/console/orders/{id}/refund", With(Refund), refunds::refund),
        post("/console/orders/{id}/redirect-refund", With(Refund), refunds::redirect),
        get("/console/after-sales", With(Read), after_sales::list),
        post("/console/after-sales/{id}/agree", With(Refund), after_sales::agree),
        post("/console/after-sales/{id}/decline", With(Refund), after_sales::decline),
        post("/console/after-sales/{id}/receive", With(Refund), after_sales::receive),
        get("/console/after-sales/{id}/refund", With(Refund), after_sales::confirm),
        post("/console/after-sales/{id}/refund", With(Refund), after_sales::refund),
        get("/console/after-sales/{id}/pictures/{number}", With(Read), after_sales::picture),
        post("/console/orders/{id}/invoice", With(Invoice), invoices::issue),
        get("/console/orders/{id}/shopper", With(Privacy), privacy::show),
        post("/console/orders/{id}/shopper/data.json", With(Privacy), privacy::copy),
        post("/console/orders/{id}/shopper/erase", With(Privacy), privacy::erase),
        get("/console/packing", With(OrdersToShip), packing::list),
        get("/console/packing/notes", With(OrdersToShip), packing::notes),
        get("/console/packing/pick-list", With(OrdersToShip), packing::picks),
        post("/console/packing/waiting.csv", With(Ship), packing::export),
        get("/console/packing/parcels", With(Ship), packing::form),
        post("/console/packing/typed", With(Ship), packing::typed),
        post("/console/packing/ship", With(Ship), packing::ship),
        get("/console/complaints", With(Read), complaints::list),
        get("/console/complaints/{id}", With(Read), complaints::show),
        post("/console/complaints/{id}/reply", With(Complaints), complaints::reply),
        post("/console/complaints/{id}/finish", With(Complaints), complaints::finish),
        post("/console/complaints/{id}/approve", With(Refund), complaints::approve),
        post("/console/complaints/{id}/refuse", With(Refund), complaints::refuse),
        get("/console/complaints/{id}/pictures/{position}", With(Read), complaints::picture),
        get("/console/catalogue", With(Read), catalogue::list),
        get("/console/catalogue/new", With(Catalogue), new_product::show),
        get("/console/catalogue/file", With(Catalogue), product_file::form),
        post("/console/catalogue/file.csv", With(Export), product_file::export),
        get("/console/catalogue/{id}", With(Read), catalogue::show),
        post("/console/catalogue/{id}", With(Catalogue), catalogue::change),
        post("/console/catalogue/{id}/save", With(Catalogue), save_product::save),
        post("/console/catalogue/{id}/share", With(Catalogue), share::share),
        get("/console/catalogue/{id}/code", With(Catalogue), share::code),
        post("/console/catalogue/{id}/shelf", With(Catalogue), catalogue::shelf),
        post("/console/catalogue/{id}/options", With(Catalogue), product_options::save),
        post("/console/catalogue/{id}/archive", With(Catalogue), catalogue::archive),
        post("/console/catalogue/{id}/skus", With(Catalogue), catalogue::add_sku),
        post("/console/catalogue/{id}/skus/{sku}", With(Catalogue), catalogue::change_sku),
        post("/console/catalogue/{id}/skus/{sku}/stock", With(Catalogue), catalogue::stock),
        get("/console/freight", With(Read), freight::show),
        post("/console/freight", With(Catalogue), freight::save),
        post("/console/freight/delete", With(Catalogue), freight::delete),
        get("/console/differences", With(Read), discrepancies::list),
        post("/console/differences", With(Resolve), discrepancies::resolve),
        get("/console/settings", With(Settings), settings::show),
        get("/console/staff", With(Staff), staff::list),
        post("/console/staff", With(Staff), staff::invite),
        post("/console/staff/{name}/role", With(Staff), staff::role),
        post("/console/staff/{name}/reset", With(Staff), staff::reset),
        post("/console/staff/{name}/sign-out", With(Staff), staff::end_sessions),
        post("/console/staff/{name}/remove", With(Staff), staff::remove),
        get("/console/account", AnyStaff, account::show),
        post("/console/account/password", AnyStaff, account::change_password),
        post("/console/account/factor", AnyStaff, account::renew_second_factor),
        post("/console/account/recovery-codes", AnyStaff, account::renew_recovery_codes),
        post("/console/account/sessions", AnyStaff, account::end_session),
        get("/console/join/{token}", Everyone, join::show),
        post("/console/join/{token}", Everyone, join::accept),
        get("/console/audit", With(Staff), audit::list),
        post("/console/catalogue/{id}/pictures/arrange", With(Catalogue), upload::arrange),
        any("/console/{*rest}", AnyStaff, unknown),
        get(STYLE_PATH, Everyone, style),
        get("/pictures/u/{id}", Everyone, picture),
    ]
}

/// The uploads. They limit the size themselves, so that a person with a large file gets a message.
fn uploads_table() -> Vec<Route> {
    vec![
        post("/console/catalogue/{id}/picture", With(Catalogue), upload::picture).limited(MAX_PICTURE_BYTES),
        post("/console/catalogue/{id}/pictures", With(Catalogue), upload::more).limited(MAX_PICTURE_BYTES),
        // the handler limits the size of each picture
        post("/console/catalogue", With(Catalogue), new_product::add).limited(new_product::MAX_BYTES),
        post("/console/packing/preview", With(Ship), packing::preview).limited(MAX_PARCEL_FILE_BYTES),
        post("/console/catalogue/file/preview", With(Catalogue), product_file::preview)
            .limited(MAX_PRODUCT_FILE_BYTES),
        post("/console/catalogue/file/import", With(Catalogue), product_file::import)
            .limited(product_file::MAX_CONFIRMED_BYTES),
    ]
}

fn router(table: Vec<Route>) -> Router<AppState> {
    let empty = Router::new();
    let router = table
        .into_iter()
        .fold(empty, |router, route| router.route(route.path, route.handler.layer(Extension(route.access))));
    router.layer(middleware::from_fn(language::of_visitor))
}

/// The console's pages and forms, except uploads.
pub(crate) fn routes() -> Router<AppState> {
    router(pages())
}

/// The console's uploads.
pub(crate) fn uploads() -> Router<AppState> {
    router(uploads_table())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The list of the routes with their visitors. The integration tests open each route with each role.
    const TOLD: &str = include_str!("../../../tests/it/console_routes.txt");

    fn line(route: &Route) -> String {
        let visitors = match route.access {
            RouteAccess::Everyone => "everyone".to_owned(),
            access => {
                let roles = Role::ALL.into_iter().filter(|role| access.to(*role));
                roles.map(Role::as_str).collect::<Vec<_>>().join(" ")
            }
        };
        format!("{} {} {visitors}", route.method, route.path)
    }

    #[test]
    fn the_list_says_who_may_open_each_route() {
        let mut there: Vec<String> = pages().iter().chain(&uploads_table()).map(line).collect();
        let mut told: Vec<&str> = TOLD.lines().collect();
        let missing: Vec<_> = there.iter().filter(|line| !told.contains(&line.as_str())).collect();
        assert!(missing.is_empty(), "add to tests/it/console_routes.txt: {missing:?}");
        there.sort_unstable();
        told.sort_unstable();
        assert_eq!(there, told);
    }
}
