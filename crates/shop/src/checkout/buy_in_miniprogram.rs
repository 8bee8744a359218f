use std::net::IpAddr;

use model::{OpenId, Shopper};

use super::{Confirmation, NewOrderLine};
use crate::{Checkout, MiniProgramPayment, ShopError};

impl Checkout {
    /// Places an order in the mini program and starts its payment. The order goes where `confirmation` says, otherwise
    /// to the last used address. `payer` is the shopper's openid for the mini program. Another call can place a second
    /// order. To pay the same order later, call [`Payments::miniprogram_pay`](crate::Payments::miniprogram_pay).
    ///
    /// # Errors
    /// As [`Checkout::place_to`] and [`Payments::pay`](crate::Payments::pay).
    pub async fn miniprogram_buy(
        &self,
        shopper: &Shopper,
        payer: &OpenId,
        lines: &[NewOrderLine],
        confirmation: Option<Confirmation>,
        ip: IpAddr,
    ) -> Result<MiniProgramPayment, ShopError> {
        // without a mini program, no order is placed
        self.payments.check_miniprogram()?;
        let id = match confirmation {
            Some(confirmation) => self.place_to(shopper, lines, confirmation, ip).await?,
            None => self.place(shopper, lines, ip).await?,
        };
        let order = self.store.order(&id).await?.ok_or(ShopError::NotFound)?;
        self.payments.pay_in_miniprogram(payer, order, ip).await
    }
}
