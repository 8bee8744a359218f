//! The pages, rendered on the server.

mod addresses;
mod buy;
mod cart;
mod code;
mod confirm;
mod delivery;
mod files;
mod list;
mod me;
mod message;
mod order;
mod orders;
mod pay;
mod product;
mod receipt;
mod returned;
mod search;
mod shell;
mod time;
mod timeline;
mod wallet;

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

use self::{
    addresses::AddressesPage, buy::BuyPage, cart::CartPage, code::CodePage, confirm::ConfirmPage,
    delivery::DeliveryPage, list::ListPage, me::MePage, message::NotFound, order::OrderPage,
    orders::OrdersPage, pay::PayPage, product::ProductPage, receipt::ReceiptPage, returned::ReturnedPage,
    search::SearchPage, wallet::WalletPage,
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
                <Route path=path!("/search") view=SearchPage ssr=SsrMode::Async/>
                <Route path=path!("/cart") view=CartPage ssr=SsrMode::Async/>
                <Route path=path!("/me") view=MePage ssr=SsrMode::Async/>
                <Route path=path!("/wallet") view=WalletPage ssr=SsrMode::Async/>
                <Route path=path!("/addresses") view=AddressesPage ssr=SsrMode::Async/>
                <Route path=path!("/orders") view=OrdersPage ssr=SsrMode::Async/>
                <Route path=path!("/orders/new") view=BuyPage ssr=SsrMode::Async/>
                <Route path=path!("/orders/:id") view=OrderPage ssr=SsrMode::Async/>
                <Route path=path!("/orders/:id/confirm") view=ConfirmPage ssr=SsrMode::Async/>
                <Route path=path!("/orders/:id/delivery") view=DeliveryPage ssr=SsrMode::Async/>
                <Route path=path!("/orders/:id/pay") view=PayPage ssr=SsrMode::Async/>
                <Route path=path!("/orders/:id/code") view=CodePage ssr=SsrMode::Async/>
                <Route path=path!("/orders/:id/returned") view=ReturnedPage ssr=SsrMode::Async/>
                <Route path=path!("/orders/:id/receipt") view=ReceiptPage ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}
