use leptos::prelude::*;
use model::{
    PaymentParameters,
    text::{TextError, TextForm, TextReader, TextWriter},
};

use super::ApiError;
use crate::text::TextCall;

/// What `wx.chooseWXPay` takes for one of the shopper's orders.
#[server(
    name = PayOrder, prefix = "/api/fn", endpoint = "pay",
    protocol = TextCall, input_derive = (Clone,)
)]
pub async fn pay_order(
    /// The order's id.
    order: String,
) -> Result<PaymentParameters, ApiError> {
    use shop::ShopError;

    let visitor = expect_context::<crate::Visitor>();
    let order = order.parse().map_err(|_| ShopError::NotFound)?;
    Ok(expect_context::<shop::Shop>().pay(visitor.shopper()?, &order, visitor.ip).await?)
}

impl TextForm for PayOrder {
    fn write(&self, to: &mut TextWriter) {
        to.put("order", &self.order);
    }

    fn read(from: &TextReader<'_>) -> Result<Self, TextError> {
        Ok(Self { order: from.get("order")? })
    }
}
