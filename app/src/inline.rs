//! The inline scripts and the inline style sheet of the pages.
//!
//! The content security policy contains the hash of each of them. So each text is a constant, or the server knows it at
//! its start. It never contains a part of a request.

use futures::{FutureExt, StreamExt};
use hydration_context::{SharedContext, SsrSharedContext};
use leptos::{prelude::*, reactive::owner::Owner};

use crate::pages::{PageStyle, StyleSheet};

/// One of our scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Script {
    /// Shows the number of pieces on the tab of the cart. It reads the number from a cookie.
    CartBadge,
    /// Shows the sum of the selected lines of the cart.
    CartTotal,
    /// Says that there is no network, and stops a tap that needs the network.
    Offline,
    /// Reloads the page of a Native payment if WebAssembly does not start.
    NativeReload,
    /// Makes the browser require the missing fields of a delivery, and sends the form only once.
    DeliveryForm,
    /// Adds a list of provinces before the cities, and puts WeChat's address into the fields.
    AddressFields,
    /// Shows the price and the name of the chosen specification.
    ProductPrice,
    /// Copies the number of an order, and scrolls an opened part of the page into view.
    OrderPage,
    /// Makes the pictures of an after-sale smaller before the upload.
    AfterSale,
    /// Says that the shopper has allowed the messages.
    AskForMessages,
    /// Asks WeChat who the user is, after a failed payment of a shared order.
    Payer,
    /// Opens the payment sheet with WeChat's bridge, without WebAssembly and without the JS-SDK. It needs `Payer`.
    BridgePayment,
}

impl Script {
    const ALL: [Self; 12] = [
        Self::CartBadge,
        Self::CartTotal,
        Self::Offline,
        Self::NativeReload,
        Self::DeliveryForm,
        Self::AddressFields,
        Self::ProductPrice,
        Self::OrderPage,
        Self::AfterSale,
        Self::AskForMessages,
        Self::Payer,
        Self::BridgePayment,
    ];

    pub(crate) fn text(self) -> &'static str {
        let text = match self {
            Self::CartBadge => include_str!("components/cart_badge.js"),
            Self::CartTotal => include_str!("pages/cart_total.js"),
            Self::Offline => include_str!("components/offline.js"),
            Self::NativeReload => include_str!("pages/native_pay.js"),
            Self::DeliveryForm => include_str!("pages/delivery_form.js"),
            Self::AddressFields => include_str!("pages/address_fields.js"),
            Self::ProductPrice => include_str!("pages/product_price.js"),
            Self::OrderPage => include_str!("pages/order_page.js"),
            Self::AfterSale => include_str!("pages/after_sale.js"),
            Self::AskForMessages => include_str!("pages/ask_for_messages.js"),
            Self::Payer => include_str!("islands/payer.js"),
            Self::BridgePayment => include_str!("pages/bridge_pay.js"),
        };
        text.trim_end()
    }
}

/// The texts of all inline scripts and styles of the shop's pages, for the content security policy.
#[derive(Clone, Debug)]
pub struct InlineSources {
    /// Our scripts, the scripts of Leptos, and the script of `cargo leptos watch`.
    pub scripts: Vec<String>,
    /// The common style sheet, and the style sheets of groups of pages.
    pub styles: Vec<String>,
}

impl InlineSources {
    /// The sources of a server with this style sheet and these options.
    #[must_use]
    pub fn new(style: &StyleSheet, options: &LeptosOptions) -> Self {
        let mut scripts: Vec<String> = Script::ALL.iter().map(|script| script.text().to_owned()).collect();
        scripts.extend(hydration_script(options));
        scripts.extend(resource_scripts());
        scripts.extend(reload_script(options));
        let pages = PageStyle::ALL.map(|style| style.css().to_owned());
        Self { scripts, styles: std::iter::once(style.css().to_owned()).chain(pages).collect() }
    }
}

/// The script with which Leptos starts the islands.
fn hydration_script(options: &LeptosOptions) -> Option<String> {
    script_after("type=\"module\">", || {
        view! { <HydrationScripts options=options.clone() islands=true/> }.to_html()
    })
}

/// The script of `cargo leptos watch`.
fn reload_script(options: &LeptosOptions) -> Option<String> {
    script_after(">", || view! { <AutoReload options=options.clone()/> }.to_html())
}

/// The text of the script whose tag ends with `tag_end`.
fn script_after(tag_end: &str, html: impl FnOnce() -> String) -> Option<String> {
    let html = Owner::new().with(html);
    let (_, script) = html.split_once(tag_end)?;
    script.split_once("</script>").map(|(text, _)| text.to_owned())
}

/// The scripts that Leptos appends to each page for resources. They are the same on all pages, because our pages have
/// no resources and no error boundaries.
fn resource_scripts() -> Vec<String> {
    let chunks = SsrSharedContext::new().pending_data();
    chunks.and_then(|chunks| chunks.collect().now_or_never()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scripts_of_leptos_are_known_before_a_page_is_rendered() {
        let scripts = resource_scripts();
        assert!(scripts[0].starts_with("__RESOLVED_RESOURCES=[];"), "{scripts:?}");
        assert!(scripts.iter().any(|script| script == "__INCOMPLETE_CHUNKS=[];"), "{scripts:?}");
    }

    #[test]
    fn the_start_of_the_islands_is_known_before_a_page_is_rendered() {
        let options = LeptosOptions::builder().output_name("xiaodian").build();
        let script = hydration_script(&options).unwrap();
        assert!(script.contains("hydrateIslands") && script.contains("\"xiaodian\""), "{script}");
    }

    #[test]
    fn no_script_of_ours_ends_its_element() {
        for script in Script::ALL {
            assert!(!script.text().contains("</"), "{script:?}");
        }
    }
}
