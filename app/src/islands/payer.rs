//! The bindings to `payer.js`, which finds out who pays a shared order. `PayForm` puts this script into the page.

use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

#[wasm_bindgen(js_namespace = payer)]
extern "C" {
    #[wasm_bindgen(catch, js_name = finish)]
    fn try_finish(order: &str, outcome: &str, link: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(catch, js_name = hasReturned)]
    fn try_has_returned() -> Result<bool, JsValue>;
}

/// Sends the sheet report to the shop and opens the order's page. `outcome` is `ok`, `cancel` or `fail`; `link` is the
/// order's link, or empty. After a failure the script may first ask WeChat who the user is. Returns false if the script
/// failed.
pub(super) fn finish(order: &str, outcome: &str, link: &str) -> bool {
    try_finish(order, outcome, link).is_ok()
}

/// Whether this window has returned from the login of `payer.js`, to pay.
pub(super) fn has_returned() -> bool {
    try_has_returned().unwrap_or_default()
}
