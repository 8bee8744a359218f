//! What is done around every request.

mod headers;
mod limits;
mod message;
mod origin;
mod paths;
mod policy;
mod session_pages;
mod trace;

pub(crate) use self::{
    headers::{Headers, answer_headers},
    limits::rate_limits,
    message::message_pages,
    origin::same_origin,
    paths::sane_paths,
    policy::{Policy, content_security},
    session_pages::log_in_first,
    trace::request_ids,
};
