use std::net::IpAddr;

use model::{OpenId, Shopper};

use super::NewOrderLine;
use crate::{Checkout, MiniPayment, ShopError};

impl Checkout {
    /// Places an order in the mini program and returns the parameters of `wx.requestPayment`. `payer` is the shopper's openid for
    /// the mini program. Another call of this function can
    /// place a second order. To pay the same order later, call
    /// [`Payments::miniprogram_pay`](crate::Payments::miniprogram_pay).
    ///
    /// # Errors
    /// As [`Checkout::place`] and [`Payments::pay`](crate::Payments::pay).
    pub async fn miniprogram_buy(
        &self,
        shopper: &Shopper,
        payer: &OpenId,
        lines: &[NewOrderLine],
        ip: IpAddr,
    ) -> Result<MiniPayment, ShopError> {
        // without a mini program, no order is placed
        self.payments.check_miniprogram()?;
        let id = self.place(shopper, lines, ip).await?;
        let order = self.store.order(&id).await?.ok_or(ShopError::NotFound)?;
        self.payments.pay_in_miniprogram(payer, order, ip).await
    }
}
