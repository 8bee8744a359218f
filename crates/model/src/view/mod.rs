//! The data that the server sends to the browser.

mod error;
mod js_config;
mod order_status;
mod payment;

pub use error::ErrorCode;
pub use js_config::JsConfig;
pub use order_status::OrderStatus;
pub use payment::PaymentParameters;
