//! The pure part: bytes in, bytes out. No clock, no randomness, no I/O; compiles to wasm32 (what needs aws-lc, which
//! is C, stands behind the feature `v3`).
//!
//! Each function here is pinned by a vector that others published.

#[cfg(feature = "v3")]
pub mod aead;
pub mod aes;
#[cfg(feature = "v3")]
pub mod certificate;
mod fields;
pub mod jssdk;
#[cfg(feature = "v3")]
pub(crate) mod pem;
#[cfg(feature = "v3")]
pub mod rsa;
pub mod sign;
pub mod v3;
pub mod xml;

pub use fields::Fields;
