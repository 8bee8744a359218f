//! The pages, rendered on the server.

mod buy;
mod confirm;
mod files;
mod list;
mod message;
mod order;
mod orders;
mod pay;
mod product;
mod shell;
mod time;

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

use self::{
    buy::BuyPage, confirm::ConfirmPage, list::ListPage, message::NotFound, order::OrderPage,
    orders::OrdersPage, pay::PayPage, product::ProductPage,
};
pub use self::{
    files::Files,
    message::{Message, message_page},
    shell::shell,
};

/// Every page. Each is complete without WebAssembly.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/") view=ListPage ssr=SsrMode::Async/>
                <Route path=path!("/products/:id") view=ProductPage ssr=SsrMode::Async/>
                <Route path=path!("/orders") view=OrdersPage ssr=SsrMode::Async/>
                <Route path=path!("/orders/new") view=BuyPage ssr=SsrMode::Async/>
                <Route path=path!("/orders/:id") view=OrderPage ssr=SsrMode::Async/>
                <Route path=path!("/orders/:id/confirm") view=ConfirmPage ssr=SsrMode::Async/>
                <Route path=path!("/orders/:id/pay") view=PayPage ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}
