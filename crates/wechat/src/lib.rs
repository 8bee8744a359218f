// the examples of the README call WeChat, so they compile only with the feature `client`
#![cfg_attr(feature = "client", doc = include_str!("../README.md"))]
#![cfg_attr(not(feature = "client"), doc = "The pure part of a client of WeChat login and WeChat Pay.")]

/// Compiles the examples of the Chinese README.
#[cfg(all(doctest, feature = "client"))]
#[doc = include_str!("../README.zh-CN.md")]
struct ChineseReadme;

pub mod bill;
#[cfg(feature = "client")]
mod endpoints;
#[cfg(feature = "client")]
mod error;
#[cfg(feature = "client")]
mod http;
#[cfg(feature = "v3")]
mod json;
#[cfg(feature = "client")]
pub mod message;
#[cfg(feature = "v3")]
pub mod miniprogram;
pub mod oauth;
#[cfg(feature = "client")]
pub mod official;
pub mod pay;
#[cfg(feature = "v3")]
pub mod push;
mod secret;
pub mod time;
#[cfg(feature = "client")]
mod website;
pub mod wire;

#[cfg(feature = "client")]
pub use endpoints::Endpoints;
#[cfg(feature = "client")]
pub use error::{Error, ErrorKind};
#[cfg(feature = "client")]
pub use http::{CallObserver, Http, HttpOptions};
#[cfg(feature = "client")]
pub use official::{Official, TokenMode};
pub use secret::Secret;
#[cfg(feature = "client")]
pub use website::Website;
