//! The server functions that the islands call. Each reads its arguments, calls the shop and returns the result.

mod error;
mod js_config;
mod order_status;
mod pay_order;

pub use error::ApiError;
pub use js_config::{JsConfigOf, js_config_of};
pub use order_status::{OrderStatusOf, order_status_of};
pub use pay_order::{PayOrder, pay_order};
