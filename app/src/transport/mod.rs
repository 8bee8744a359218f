//! The protocol of the server functions: a short text in each direction, with the browser's `fetch`.
//!
//! A server function uses [`PostText`] as its protocol. Its arguments, its result and its error implement
//! [`TextForm`](model::text::TextForm) with the macro `model::text_form!`. On the server [`PostText`] is
//! `Http<Post<TextEncoding>, Post<TextEncoding>>` of Leptos.

mod fetch;
mod text;

pub use text::{PostText, TextEncoding};
