//! WeChat Pay.

#[cfg(feature = "client")]
mod twice;
pub mod v2;
#[cfg(feature = "v3")]
pub mod v3;
