//! A mini program's login, what its user shows, and the parameters of its payments.

#[cfg(feature = "client")]
mod client;
mod data;
mod phone;
mod request_payment;
mod session;

#[cfg(feature = "client")]
pub use client::MiniProgram;
pub use data::{DataError, Decrypted};
pub use phone::PhoneInfo;
pub use request_payment::RequestPayment;
pub use session::{InvalidSessionKey, Session, SessionKey};
