use leptos::prelude::*;
use model::{
    OrderStatus,
    text::{TextError, TextForm, TextReader, TextWriter},
};

use super::ApiError;
use crate::text::TextCall;

/// Where one of the shopper's orders stands; WeChat is asked first.
#[server(
    name = OrderStatusOf, prefix = "/api/fn", endpoint = "order_status",
    protocol = TextCall, input_derive = (Clone,)
)]
pub async fn order_status_of(
    /// The order's id.
    order: String,
) -> Result<OrderStatus, ApiError> {
    use shop::ShopError;

    let visitor = expect_context::<crate::Visitor>();
    let order = order.parse().map_err(|_| ShopError::NotFound)?;
    Ok(expect_context::<shop::Shop>().order_status(visitor.shopper()?, &order, true).await?)
}

impl TextForm for OrderStatusOf {
    fn write(&self, to: &mut TextWriter) {
        to.put("order", &self.order);
    }

    fn read(from: &TextReader<'_>) -> Result<Self, TextError> {
        Ok(Self { order: from.get("order")? })
    }
}
