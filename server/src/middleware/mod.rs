//! The layers around the routes. `serve.rs` says which routes pass which layers.

mod compress_pages;
mod csp;
mod error_pages;
mod identify;
mod path_check;
mod payload_too_large;
mod rate_limits;
mod require_login;
mod same_origin;
mod security_headers;
mod shop_date;
mod trace;

pub(crate) use self::{
    compress_pages::compress_pages,
    csp::{Policy, content_security},
    error_pages::error_pages,
    identify::identify,
    path_check::check_path,
    payload_too_large::payload_too_large,
    rate_limits::rate_limits,
    require_login::require_login,
    same_origin::same_origin,
    security_headers::{SecurityHeaders, security_headers},
    shop_date::shop_date,
    trace::request_ids,
};
