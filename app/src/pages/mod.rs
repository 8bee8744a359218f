//! The pages of the shop, which the server renders.

mod addresses;
mod after_sale;
mod after_sale_form;
mod ask_for_messages;
mod availability;
mod bridge_pay;
mod cart;
mod change_address;
mod checkout;
mod combinations;
mod confirm;
mod delivery;
mod delivery_costs;
mod delivery_fees;
mod delivery_fields;
mod h5_return;
mod invoice;
mod list;
mod me;
mod message;
mod native_pay;
mod order;
mod order_steps;
mod orders;
mod page_style;
mod params;
mod parcels;
mod personal_data;
mod privacy;
mod product;
mod receipt;
mod search;
mod shell;
mod style_guide;
mod style_sheet;
mod suspended_page;
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

pub(crate) use self::page_style::PageStyle;
use self::{
    addresses::AddressesPage,
    after_sale::AfterSalePage,
    after_sale_form::AfterSaleFormPage,
    bridge_pay::BridgePayPage,
    cart::CartPage,
    change_address::ChangeAddressPage,
    checkout::{BuyPage, CartConfirmPage},
    confirm::ConfirmPage,
    delivery::DeliveryPage,
    delivery_fees::DeliveryFeesPage,
    h5_return::H5ReturnPage,
    invoice::InvoicePage,
    list::ListPage,
    me::MePage,
    message::NotFound,
    native_pay::NativePayPage,
    order::OrderPage,
    orders::OrdersPage,
    parcels::ParcelsPage,
    personal_data::PersonalDataPage,
    privacy::{ErasePage, ErasedPage, PrivacyPage},
    product::ProductPage,
    receipt::ReceiptPage,
    search::SearchPage,
    style_guide::StyleGuidePage,
    wallet::WalletPage,
};
pub use self::{
    message::{Message, message_page},
    shell::{DocumentHead, SharedPage, shell},
    style_sheet::StyleSheet,
};

/// The router of all pages. Each page works without WebAssembly.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/") view=ListPage ssr=SsrMode::Async/>
                <Route path=path!("/products/:id") view=ProductPage ssr=SsrMode::Async/>
                <Route path=path!("/search") view=SearchPage ssr=SsrMode::Async/>
                <Route path=path!("/delivery-fees") view=DeliveryFeesPage ssr=SsrMode::Async/>
                <Route path=path!("/cart") view=CartPage ssr=SsrMode::Async/>
                <Route path=path!("/cart/confirm") view=CartConfirmPage ssr=SsrMode::Async/>
                <Route path=path!("/_style") view=StyleGuidePage ssr=SsrMode::Async/>
                <Route path=path!("/me") view=MePage ssr=SsrMode::Async/>
                <Route path=path!("/me/privacy") view=PrivacyPage ssr=SsrMode::Async/>
                <Route path=path!("/me/privacy/data") view=PersonalDataPage ssr=SsrMode::Async/>
                <Route path=path!("/me/privacy/erase") view=ErasePage ssr=SsrMode::Async/>
                <Route path=path!("/erased") view=ErasedPage ssr=SsrMode::Async/>
                <Route path=path!("/wallet") view=WalletPage ssr=SsrMode::Async/>
                <Route path=path!("/addresses") view=AddressesPage ssr=SsrMode::Async/>
                <Route path=path!("/orders") view=OrdersPage ssr=SsrMode::Async/>
                <Route path=path!("/orders/new") view=BuyPage ssr=SsrMode::Async/>
                <Route path=path!("/orders/:id") view=OrderPage ssr=SsrMode::Async/>
                <Route path=path!("/orders/:id/confirm") view=ConfirmPage ssr=SsrMode::Async/>
                <Route path=path!("/orders/:id/delivery") view=DeliveryPage ssr=SsrMode::Async/>
                <Route path=path!("/orders/:id/address") view=ChangeAddressPage ssr=SsrMode::Async/>
                <Route path=path!("/orders/:id/pay") view=BridgePayPage ssr=SsrMode::Async/>
                <Route path=path!("/orders/:id/code") view=NativePayPage ssr=SsrMode::Async/>
                <Route path=path!("/orders/:id/returned") view=H5ReturnPage ssr=SsrMode::Async/>
                <Route path=path!("/orders/:id/invoice") view=InvoicePage ssr=SsrMode::Async/>
                <Route path=path!("/orders/:id/parcels") view=ParcelsPage ssr=SsrMode::Async/>
                <Route path=path!("/orders/:id/after-sale") view=AfterSaleFormPage ssr=SsrMode::Async/>
                <Route path=path!("/orders/:id/after-sales/:after_sale") view=AfterSalePage ssr=SsrMode::Async/>
                <Route path=path!("/orders/:id/receipt") view=ReceiptPage ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}
