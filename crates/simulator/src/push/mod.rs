//! Messages and events that WeChat pushes to an account's server (消息推送; wechat-protocol-2.md, 2).

mod deliver;
mod encrypt;
mod envelope;
mod settings;

pub(crate) use deliver::{Tamper, check_url, push};
pub(crate) use settings::{PushFormat, PushMode, PushSeed, PushSettings};
