//! The scripts and the style sheet that stand in pages. The policy names the hash of each, so each is a constant, or is
//! known when the server starts. Nothing of a request is ever part of one.

use futures::{FutureExt, StreamExt};
use hydration_context::{SharedContext, SsrSharedContext};
use leptos::{prelude::*, reactive::owner::Owner};

use crate::pages::Files;

/// One of our scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Script {
    /// Shows on the cart's tab how many pieces are in the cart, from a readable cookie.
    CartBadge,
    /// Adds up the cart's lines that are ticked.
    CartTotal,
    /// Loads the page of a Native code again where WebAssembly does not start.
    NativeReload,
    /// Lets the browser ask for the missing fields of a new address.
    DeliveryForm,
    /// Asks WeChat who the user is after a failed payment.
    Payer,
    /// Opens the payment sheet by WeChat's bridge, without WebAssembly and without the JS-SDK. It needs `Payer`.
    BridgePayment,
}

impl Script {
    const ALL: [Self; 6] = [
        Self::CartBadge,
        Self::CartTotal,
        Self::NativeReload,
        Self::DeliveryForm,
        Self::Payer,
        Self::BridgePayment,
    ];

    pub(crate) fn text(self) -> &'static str {
        let text = match self {
            Self::CartBadge => include_str!("components/cart_badge.js"),
            Self::CartTotal => include_str!("pages/cart_total.js"),
            Self::NativeReload => include_str!("pages/native_pay.js"),
            Self::DeliveryForm => include_str!("pages/delivery_form.js"),
            Self::Payer => include_str!("islands/payer.js"),
            Self::BridgePayment => include_str!("pages/bridge_pay.js"),
        };
        text.trim_end()
    }
}

/// The text of each inline script and style that a page of the shop may have: for the content security policy.
#[derive(Clone, Debug)]
pub struct InlineSources {
    /// Scripts: ours, Leptos' own, and in `cargo leptos watch` the one that reloads the page.
    pub scripts: Vec<String>,
    /// The style sheet.
    pub style: String,
}

impl InlineSources {
    /// All that a server with these files and options may send.
    #[must_use]
    pub fn new(files: &Files, options: &LeptosOptions) -> Self {
        let mut scripts: Vec<String> = Script::ALL.iter().map(|script| script.text().to_owned()).collect();
        scripts.push(files.start().to_owned());
        scripts.extend(leptos_scripts());
        scripts.extend(reload_script(options));
        Self { scripts, style: files.style().to_owned() }
    }
}

/// The scripts that Leptos appends to each page. Our pages have no resource and no error boundary, so these scripts are those of
/// an empty context, whatever page is rendered.
fn leptos_scripts() -> Vec<String> {
    let chunks = SsrSharedContext::new().pending_data();
    chunks.and_then(|chunks| chunks.collect().now_or_never()).unwrap_or_default()
}

/// The script of `cargo leptos watch`.
fn reload_script(options: &LeptosOptions) -> Option<String> {
    let html = Owner::new().with(|| view! { <AutoReload options=options.clone()/> }.to_html());
    let (_, rest) = html.split_once('>')?;
    rest.split_once("</script>").map(|(text, _)| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leptos_scripts_are_known_before_any_page_is_rendered() {
        let scripts = leptos_scripts();
        assert!(scripts[0].starts_with("__RESOLVED_RESOURCES=[];"), "{scripts:?}");
        assert!(scripts.iter().any(|script| script == "__INCOMPLETE_CHUNKS=[];"), "{scripts:?}");
    }

    #[test]
    fn no_script_of_ours_ends_its_element() {
        for script in Script::ALL {
            assert!(!script.text().contains("</"), "{script:?}");
        }
    }
}
