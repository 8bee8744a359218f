//! The browser's entry point: nothing but the islands. The page's loader calls each of them by its name, with its element.
//!
//! `leptos::mount::hydrate_islands` is not called: it prepares an executor and the data of streamed pages, for effects and
//! resources, which the islands do without (see `app::islands`). It would weigh as much as an eighth of them all.
#![cfg(target_arch = "wasm32")]

// islands are found by their exports: without this the linker would drop them all
extern crate app;
