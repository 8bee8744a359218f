use std::net::IpAddr;

use model::{Language, OpenId, Shopper};
use shop::ShopError;

/// Who asks: made from the request in one place, given to every page and server function.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Who asks, by the signed session.
    pub session: Option<Shopper>,
    /// Where from.
    pub ip: IpAddr,
    /// What they read.
    pub language: Language,
    /// Whether WeChat shows the page.
    pub in_wechat: bool,
    /// Whether a phone shows it.
    pub on_phone: bool,
    /// Whether the page is shown in a mini program's web view, where WeChat lets no page pay.
    pub in_miniprogram: bool,
}

impl Visitor {
    /// The shopper, guests included.
    ///
    /// # Errors
    /// [`ShopError::LoggedOut`] where there is no session.
    pub fn shopper(&self) -> Result<&Shopper, ShopError> {
        self.session.as_ref().ok_or(ShopError::LoggedOut)
    }

    /// The shopper as WeChat knows them.
    ///
    /// # Errors
    /// [`ShopError::LoggedOut`] where nobody has logged in at WeChat.
    pub fn openid(&self) -> Result<&OpenId, ShopError> {
        self.shopper()?.openid().ok_or(ShopError::LoggedOut)
    }
}
