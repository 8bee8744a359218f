//! What people see: pages and components (on the server), islands (in the browser), the server functions
//! between them and the binding to the `wx` global.
//!
//! Islands are the only part that reaches the browser, so the pages exist with `ssr` only.

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
pub use inline::InlineSources;
#[cfg(feature = "ssr")]
pub use pages::{App, Files, Message, message_page, shell};
#[cfg(feature = "ssr")]
pub use visitor::Visitor;
