//! Deliveries of a mini program's orders (发货信息录入; wechat-protocol-2.md, 1).

mod calls;
mod delivery;
mod refusal;
mod upload;

use axum::{Router, routing::any};

use crate::app_state::SharedState;

pub(crate) use calls::confirm_receipt;
pub(crate) use delivery::{Delivery, shown};

/// `/wxa/sec/order/*` and the list of companies.
pub(crate) fn routes() -> Router<SharedState> {
    Router::new()
        .route("/wxa/sec/order/upload_shipping_info", any(calls::upload_shipping_info))
        .route("/wxa/sec/order/upload_combined_shipping_info", any(calls::upload_combined_shipping_info))
        .route("/wxa/sec/order/get_order", any(calls::get_order))
        .route("/wxa/sec/order/notify_confirm_receive", any(calls::notify_confirm_receive))
        .route("/wxa/sec/order/is_trade_managed", any(calls::is_trade_managed))
        .route("/cgi-bin/express/delivery/open_msg/get_delivery_list", any(calls::get_delivery_list))
}
