//! Bindings to `payer.js`, which finds out who pays a shared order. `PayForm` puts this script into the page.

use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

#[wasm_bindgen(js_namespace = payer)]
extern "C" {
    #[wasm_bindgen(catch, js_name = ask)]
    fn try_ask(link: &str) -> Result<bool, JsValue>;

    #[wasm_bindgen(catch, js_name = report)]
    async fn try_report(order: &str, outcome: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = hasReturned)]
    fn try_has_returned() -> Result<bool, JsValue>;
}

/// Opens WeChat's login to find out who the user is. Returns true if the browser leaves this page, and false if the script
/// failed: then the page pays without that.
pub(super) fn ask(link: &str) -> bool {
    try_ask(link).unwrap_or_default()
}

/// Tells the shop how the payment sheet ended: `ok`, `cancel` or `fail`. The page continues without an answer.
pub(super) async fn report(order: &str, outcome: &str) {
    let _ = try_report(order, outcome).await;
}

/// Whether this window has come back from that login to pay.
pub(super) fn has_returned() -> bool {
    try_has_returned().unwrap_or_default()
}
