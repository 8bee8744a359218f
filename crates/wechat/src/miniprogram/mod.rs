//! A mini program: login, user data, codes and links, reports of deliveries, the parameters of a payment.

#[cfg(feature = "client")]
mod client;
mod data;
#[cfg(feature = "client")]
mod links;
mod phone;
mod request_payment;
mod session;
#[cfg(feature = "client")]
pub mod shipping;

#[cfg(feature = "client")]
pub use client::MiniProgram;
pub use data::{DataError, DecryptedData};
#[cfg(feature = "client")]
pub use links::{ProgramCode, UrlLink};
pub use phone::PhoneInfo;
pub use request_payment::RequestPayment;
pub use session::{InvalidSessionKey, Session, SessionKey};
