//! The user interface: the pages, the islands, the server functions that the islands call, and the bindings to WeChat's
//! JS-SDK.
//!
//! Only the islands run in the browser, so the pages exist only with the feature `ssr`.

#![allow(unreachable_pub, reason = "the component, island and server macros make their items public")]

pub mod api;
mod browser;
pub mod islands;
pub mod transport;
mod wx;

#[cfg(feature = "ssr")]
mod components;
#[cfg(feature = "ssr")]
pub mod console;
#[cfg(feature = "ssr")]
mod draft;
#[cfg(feature = "ssr")]
mod inline;
#[cfg(feature = "ssr")]
pub mod messages;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
mod raw_text;
#[cfg(feature = "ssr")]
mod visitor;

#[cfg(feature = "ssr")]
pub use components::{is_whole_region, join_region};
#[cfg(feature = "ssr")]
pub use draft::Draft;
#[cfg(feature = "ssr")]
pub use inline::InlineSources;
#[cfg(feature = "ssr")]
pub use pages::{App, DocumentHead, Message, SharedPage, StyleSheet, message_page, shell};
#[cfg(feature = "ssr")]
pub use visitor::Visitor;
