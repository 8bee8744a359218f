use std::net::IpAddr;

use model::{Language, OpenId, Shopper};
use shop::ShopError;

/// The person or program that sent a request. The server makes it in one place and gives it to every page and server function.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The shopper of the signed session.
    pub session: Option<Shopper>,
    /// The address of the client.
    pub ip: IpAddr,
    /// The language of the page.
    pub language: Language,
    /// Whether the client is WeChat's browser.
    pub in_wechat: bool,
    /// Whether the client is a phone.
    pub on_phone: bool,
    /// Whether the page is in a mini program's web view. WeChat refuses a payment there.
    pub in_miniprogram: bool,
}

impl Visitor {
    /// The shopper, who may be a guest.
    ///
    /// # Errors
    /// [`ShopError::LoggedOut`] without a session.
    pub fn shopper(&self) -> Result<&Shopper, ShopError> {
        self.session.as_ref().ok_or(ShopError::LoggedOut)
    }

    /// The shopper's openid.
    ///
    /// # Errors
    /// [`ShopError::LoggedOut`] without a session, or for a guest.
    pub fn openid(&self) -> Result<&OpenId, ShopError> {
        self.shopper()?.openid().ok_or(ShopError::LoggedOut)
    }
}
