//! How server functions travel: a short text each way, sent with the browser's `fetch`.
//!
//! A server function names [`PostText`] as its protocol. Its arguments, its answer and its error implement
//! [`TextForm`](model::text::TextForm), which `model::text_form!` writes. On the server this is Leptos' own
//! `Http<Post<TextEncoding>, Post<TextEncoding>>`.

mod fetch;
mod text;

pub use text::{PostText, TextEncoding};
