//! Payments in the mini program, which has its own `appid`.

use std::net::IpAddr;

use model::{Fen, OpenId, OrderId, PaymentParameters, record::OrderRecord};

use crate::{Payments, ShopError, gateway::PaymentMethod};

/// What the mini program needs to open a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MiniProgramPayment {
    /// The parameters of `wx.requestPayment`; `None` if the balance paid the order completely.
    pub parameters: Option<PaymentParameters>,
    /// The order.
    pub order: OrderId,
    /// The price of the order, fen.
    pub total_fee: Fen,
    /// The delivery cost in `total_fee`, fen.
    pub freight_fee: Fen,
    /// The part of `total_fee` that the shopper's balance pays, fen.
    pub balance_fee: Fen,
    /// The secret of the order's link. With it a person can pay the order later.
    pub link_key: String,
}

impl Payments {
    /// Pays an order in the mini program with the order's link key. The web pages inside a mini program need it: WeChat
    /// does not let them pay by themselves.
    ///
    /// # Errors
    /// [`ShopError::NoMiniProgram`]; [`ShopError::NotFound`] for a wrong key; and as [`Payments::pay`].
    pub async fn miniprogram_pay(
        &self,
        openid: &OpenId,
        id: &OrderId,
        link_key: &str,
        ip: IpAddr,
    ) -> Result<MiniProgramPayment, ShopError> {
        self.check_miniprogram()?;
        let order = self.orders.linked_order(id, link_key).await?;
        self.pay_in_miniprogram(openid, order, ip).await
    }

    /// Checks that the shop has a mini program with payments.
    pub(crate) fn check_miniprogram(&self) -> Result<(), ShopError> {
        self.accounts.miniprogram().map(drop)
    }

    /// Starts the payment of an order. The caller has checked that the person may pay it.
    pub(crate) async fn pay_in_miniprogram(
        &self,
        openid: &OpenId,
        order: OrderRecord,
        ip: IpAddr,
    ) -> Result<MiniProgramPayment, ShopError> {
        let parameters = if order.wechat_fee() == Fen::ZERO {
            None
        } else {
            let (account, method) = (self.accounts.miniprogram()?, PaymentMethod::Jsapi(openid.clone()));
            let attempt = self.pay_with(account, &order.shopper, method, &order.id, ip).await?;
            Some(self.parameters(&attempt)?)
        };
        Ok(MiniProgramPayment {
            parameters,
            order: order.id,
            total_fee: order.total_fee,
            freight_fee: order.freight_fee,
            balance_fee: order.balance_fee,
            link_key: order.link_key,
        })
    }
}
