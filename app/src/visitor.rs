use std::net::IpAddr;

use model::{Language, OpenId, Shopper};
use shop::ShopError;

/// The person or program that sent a request. The server creates it in one place and passes it to all pages and server
/// functions.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The shopper of the signed session. `None` for a visitor without a session. Several openids of one person are one
    /// shopper.
    pub session: Option<Shopper>,
    /// The openid with which this browser logged in; `None` for a guest. It is the payer of a JSAPI payment.
    pub openid: Option<OpenId>,
    /// The IP address of the client.
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

    /// The path that begins a login on a computer and returns to `callback`. `None` for a shopper who is logged in, in
    /// WeChat, and on a phone.
    #[must_use]
    pub fn desk_login(&self, callback: &'static str) -> Option<String> {
        let is_at_desk = !self.in_wechat && !self.on_phone && self.openid.is_none();
        is_at_desk.then(|| {
            let callback = callback.replace('/', "%2F");
            format!("/api/wechat/redirect?scope=snsapi_login&callback={callback}")
        })
    }

    /// The openid with which this browser logged in.
    ///
    /// # Errors
    /// [`ShopError::LoggedOut`] without a session, or for a guest.
    pub fn openid(&self) -> Result<&OpenId, ShopError> {
        self.openid.as_ref().ok_or(ShopError::LoggedOut)
    }
}
