//! Types that all crates share: money, ids, states, records, and the text that the browser and the server exchange.
//!
//! The crate does no I/O and compiles to wasm32.

pub mod address;
pub mod admin;
pub mod after_sale;
pub mod audit;
pub mod catalogue;
pub mod complaint;
pub mod delivery;
pub mod discrepancy;
pub mod erasure;
pub mod event;
mod fen;
pub mod figures;
pub mod freight;
mod id;
pub mod job;
mod language;
pub mod message;
pub mod order;
pub mod payment;
pub mod price;
pub mod push;
mod quantity;
pub mod record;
pub mod refund;
mod shopper;
pub mod text;
mod view;
mod word;

pub use fen::{Fen, ParseFenError};
pub use id::{
    AfterSaleId, GuestId, IdError, OpenId, OrderId, OutRefundNo, OutTradeNo, ProductId, Sku, TransactionId,
    UnionId,
};
pub use language::{Language, LocalizedText};
pub use quantity::{Quantity, QuantityError};
pub use shopper::Shopper;
pub use view::{ErrorCode, JsConfig, OrderStatus, PaymentParameters};
pub use word::UnknownWord;
