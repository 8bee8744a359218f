//! What is done around every request.

mod headers;
mod limits;
mod message;
mod origin;
mod paths;
mod policy;
mod session_pages;
mod too_long;
mod trace;

pub(crate) use self::{
    headers::{Headers, answer_headers},
    limits::rate_limits,
    message::message_pages,
    origin::same_origin,
    paths::sane_paths,
    policy::{Policy, content_security},
    session_pages::log_in_first,
    too_long::too_long_pages,
    trace::request_ids,
};
