//! The entry point of the WebAssembly.
#![cfg(target_arch = "wasm32")]

// each island is an export of `app`; without this line the linker drops all of them
extern crate app;

use wasm_bindgen::prelude::wasm_bindgen;

/// Prepares Leptos. The start-up script of Leptos calls it, and then starts each island.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
