//! The layers around the routes. `serve.rs` says which routes pass which of them.

mod compress_pages;
mod csp;
mod error_pages;
mod path_check;
mod payload_too_large;
mod rate_limits;
mod require_login;
mod same_origin;
mod security_headers;
mod trace;

pub(crate) use self::{
    compress_pages::compress_pages,
    csp::{Policy, content_security},
    error_pages::error_pages,
    path_check::check_path,
    payload_too_large::payload_too_large,
    rate_limits::rate_limits,
    require_login::require_login,
    same_origin::same_origin,
    security_headers::{Headers, security_headers},
    trace::request_ids,
};
