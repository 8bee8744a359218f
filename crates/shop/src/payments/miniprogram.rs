//! The mini program: its shoppers log in and pay with its own `appid`, in the same shop.

use std::net::IpAddr;

use model::{OpenId, OrderId, PaymentParameters, Shopper};

use super::PaymentMethod;
use crate::{Line, Login, Shop, ShopError};

/// A payment that the mini program is about to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MiniPayment {
    /// What `wx.requestPayment` takes.
    pub parameters: PaymentParameters,
    /// The order that it pays.
    pub order: OrderId,
    /// Who has this may pay that order, later too.
    pub link_key: String,
}

impl Shop {
    /// Exchanges the code of `wx.login`. The session key is dropped here: nothing of this shop needs it.
    ///
    /// # Errors
    /// [`ShopError::NoMiniProgram`], [`ShopError::LoginCode`], or WeChat not answering.
    pub async fn miniprogram_log_in(&self, js_code: &str) -> Result<Login, ShopError> {
        let (miniprogram, _) = self.miniprogram()?;
        let session = miniprogram.jscode2session(js_code).await.map_err(ShopError::of_login)?;
        let openid = session.openid.parse();
        Ok(Login {
            openid: openid.map_err(|_| ShopError::BadRequest("WeChat gave an openid of unknown form"))?,
        })
    }

    /// Places an order in the mini program and gives what `wx.requestPayment` takes. A payment that is not made now is made
    /// with [`Shop::miniprogram_pay`]: the same things bought again would be a second order.
    ///
    /// # Errors
    /// As [`Shop::place`] and [`Shop::pay`].
    pub async fn miniprogram_buy(
        &self,
        openid: &OpenId,
        lines: &[Line],
        ip: IpAddr,
    ) -> Result<MiniPayment, ShopError> {
        let (_, account) = self.miniprogram()?;
        let shopper = Shopper::from(openid.clone());
        let id = self.place(&shopper, lines, ip).await?;
        let order = self.store().order(&id).await?.ok_or(ShopError::NotFound)?;
        let attempt = self.pay_with(account, &shopper, PaymentMethod::Jsapi(openid.clone()), &id, ip).await?;
        Ok(MiniPayment { parameters: self.parameters(&attempt)?, order: id, link_key: order.link_key })
    }

    /// Lets a shopper of the mini program pay an order that was placed on a page inside its web view, where the page
    /// itself may not pay. Who has the order's link key may pay it.
    ///
    /// # Errors
    /// [`ShopError::NotFound`] without the right key, and as [`Shop::pay`].
    pub async fn miniprogram_pay(
        &self,
        openid: &OpenId,
        id: &OrderId,
        link_key: &str,
        ip: IpAddr,
    ) -> Result<MiniPayment, ShopError> {
        let (_, account) = self.miniprogram()?;
        let order = self.linked_order(id, link_key).await?;
        let attempt =
            self.pay_with(account, &order.shopper, PaymentMethod::Jsapi(openid.clone()), id, ip).await?;
        Ok(MiniPayment {
            parameters: self.parameters(&attempt)?,
            order: id.clone(),
            link_key: order.link_key,
        })
    }
}
