//! The server functions: what islands ask the server. Each extracts, calls the shop, maps.

mod error;
mod js_config;
mod order_status;
mod pay_order;

pub use error::ApiError;
pub use js_config::{JsConfigOf, js_config_of};
pub use order_status::{OrderStatusOf, order_status_of};
pub use pay_order::{PayOrder, pay_order};
