//! Payment in the mini program, which has its own `appid`.

use std::net::IpAddr;

use model::{Fen, OpenId, OrderId, PaymentParameters, record::OrderRecord};

use crate::{Payments, ShopError, gateway::PaymentMethod};

/// A payment that the mini program opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MiniPayment {
    /// The parameters of `wx.requestPayment`; `None` if the balance has paid the order.
    pub parameters: Option<PaymentParameters>,
    /// The order that it pays.
    pub order: OrderId,
    /// The price of the order, fen.
    pub total_fee: Fen,
    /// The delivery cost in it, fen.
    pub freight_fee: Fen,
    /// The part of it that the shopper's balance pays, fen.
    pub balance_fee: Fen,
    /// A person with this key can pay the order, also later.
    pub link_key: String,
}

impl Payments {
    /// Lets a shopper of the mini program pay an order that was placed on a page in its web view: such a page may not pay by
    /// itself. The order's link key is the permission.
    ///
    /// # Errors
    /// [`ShopError::NotFound`] without the right key, and as [`Payments::pay`].
    pub async fn miniprogram_pay(
        &self,
        openid: &OpenId,
        id: &OrderId,
        link_key: &str,
        ip: IpAddr,
    ) -> Result<MiniPayment, ShopError> {
        self.check_miniprogram()?;
        let order = self.orders.linked_order(id, link_key).await?;
        self.pay_in_miniprogram(openid, order, ip).await
    }

    /// Refuses a shop without a mini program.
    pub(crate) fn check_miniprogram(&self) -> Result<(), ShopError> {
        self.accounts.miniprogram().map(drop)
    }

    /// Pays an order that the caller may pay.
    pub(crate) async fn pay_in_miniprogram(
        &self,
        openid: &OpenId,
        order: OrderRecord,
        ip: IpAddr,
    ) -> Result<MiniPayment, ShopError> {
        let parameters = if order.wechat_fee() == Fen::ZERO {
            None
        } else {
            let (account, method) = (self.accounts.miniprogram()?, PaymentMethod::Jsapi(openid.clone()));
            let attempt = self.pay_with(account, &order.shopper, method, &order.id, ip).await?;
            Some(self.parameters(&attempt)?)
        };
        Ok(MiniPayment {
            parameters,
            order: order.id,
            total_fee: order.total_fee,
            freight_fee: order.freight_fee,
            balance_fee: order.balance_fee,
            link_key: order.link_key,
        })
    }
}
