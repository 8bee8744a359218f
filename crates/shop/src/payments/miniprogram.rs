//! Login and payment in the mini program, which has its own `appid`.

use std::net::IpAddr;

use model::{OpenId, OrderId, PaymentParameters, Shopper};

use super::PaymentMethod;
use crate::{Line, Login, Shop, ShopError};

/// A payment that the mini program opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MiniPayment {
    /// The parameters of `wx.requestPayment`.
    pub parameters: PaymentParameters,
    /// The order that it pays.
    pub order: OrderId,
    /// A person with this key can pay the order, also later.
    pub link_key: String,
}

impl Shop {
    /// Exchanges the code of `wx.login`. The shop does not need the session key and does not keep it.
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

    /// Places an order in the mini program and returns the parameters of `wx.requestPayment`. To pay the same order later, call
    /// [`Shop::miniprogram_pay`]: another call of this function would place a second order.
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

    /// Lets a shopper of the mini program pay an order that was placed on a page in its web view: such a page may not pay by
    /// itself. The order's link key is the permission.
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
