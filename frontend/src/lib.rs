//! The browser's entry point.
#![cfg(target_arch = "wasm32")]

// islands are found by their exports: without this the linker would drop them all
extern crate app;

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's loader, which then starts each island.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
