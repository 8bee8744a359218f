//! Words that the browser and the server share: money, ids, states and what goes between them.
//!
//! Nothing here does I/O, and everything compiles to wasm32.

mod fen;
mod id;
pub mod order;
mod quantity;
pub mod refund;
pub mod text;
mod view;

pub use fen::{Fen, ParseFenError};
pub use id::{IdError, OpenId, OrderId, OutRefundNo, OutTradeNo, ProductId, Sku, TransactionId};
pub use quantity::{Quantity, QuantityError};
pub use view::{ErrorCode, JsConfig, OrderStatus, PaymentParameters};
