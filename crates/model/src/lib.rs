//! Words that the browser and the server share: money, ids, states and what goes between them.
//!
//! Nothing here does I/O, and everything compiles to wasm32.

mod fen;
mod id;
mod language;
pub mod order;
mod quantity;
pub mod refund;
mod shopper;
pub mod text;
mod view;

pub use fen::{Fen, ParseFenError};
pub use id::{GuestId, IdError, OpenId, OrderId, OutRefundNo, OutTradeNo, ProductId, Sku, TransactionId};
pub use language::{Language, Said};
pub use quantity::{Quantity, QuantityError};
pub use shopper::Shopper;
pub use view::{ErrorCode, JsConfig, OrderStatus, PaymentParameters};
