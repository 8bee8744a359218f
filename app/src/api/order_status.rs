use leptos::prelude::*;
use model::OrderStatus;

use super::ApiError;
use crate::transport::PostText;

/// Returns the state of an order that the shopper may see. The server first queries WeChat about an open payment.
#[server(prefix = "/api/fn", endpoint = "order_status", protocol = PostText)]
pub async fn order_status_of(
    /// The order's id.
    order: String,
) -> Result<OrderStatus, ApiError> {
    use shop::ShopError;

    let visitor = expect_context::<crate::Visitor>();
    let order = order.parse().map_err(|_| ShopError::NotFound)?;
    Ok(expect_context::<shop::Shop>().payments().order_status(visitor.shopper()?, &order, true).await?)
}

model::text_form!(OrderStatusOf { order: "order" });
