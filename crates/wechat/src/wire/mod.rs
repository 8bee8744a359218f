//! Pure functions from bytes to bytes: no clock, no randomness, no I/O. Without the feature `v3` they compile to
//! wasm32; `v3` adds the functions that need aws-lc (C code).
//!
//! Tests compare each function with published test vectors.

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
mod pem_mistake;
#[cfg(feature = "v3")]
pub mod rsa;
pub mod sign;
pub mod v3;
pub mod xml;

pub use fields::Fields;
