use leptos::prelude::*;
use model::PaymentParameters;

use super::ApiError;
use crate::transport::PostText;

/// Starts the payment of an order that the shopper may see. Returns the parameters of `wx.chooseWXPay`.
#[server(prefix = "/api/fn", endpoint = "pay", protocol = PostText)]
pub async fn pay_order(
    /// The order's id.
    order: String,
) -> Result<PaymentParameters, ApiError> {
    use shop::ShopError;

    let visitor = expect_context::<crate::Visitor>();
    let order = order.parse().map_err(|_| ShopError::NotFound)?;
    let payments = expect_context::<shop::Shop>().payments().clone();
    Ok(payments.pay(visitor.shopper()?, visitor.openid()?, &order, visitor.ip).await?)
}

model::text_form!(PayOrder { order: "order" });
