//! The merchant's console: pages that are rendered on the server and work as plain forms. They share nothing with the
//! shopper's pages: a shell and a style sheet of their own, no islands, no script.
//!
//! The handlers of `server/src/routes/console` hold the sessions and the roles; a page is given what it shows.

mod audit;
mod charts;
mod dashboard;
mod differences;
mod layout;
mod message;
mod messages;
mod order;
mod orders;
mod product;
mod products;
mod refund;
mod settings;
mod sign_in;
mod staff;

pub use self::{
    audit::audit_page,
    dashboard::dashboard_page,
    differences::differences_page,
    layout::{Head, STYLE, STYLE_PATH},
    message::message_page,
    messages::sentence,
    order::order_page,
    orders::{orders_page, query_of},
    product::{ProductForm, new_product_page, product_page},
    products::products_page,
    refund::{Confirmation, refund_page},
    settings::settings_page,
    sign_in::sign_in_page,
    staff::{enrolment_page, staff_page},
};
