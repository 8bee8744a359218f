use std::net::IpAddr;

use model::OpenId;
use shop::ShopError;

/// Who asks: made from the request in one place, given to every page and server function.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Who is logged in, by the signed session.
    pub session: Option<OpenId>,
    /// Where from.
    pub ip: IpAddr,
    /// Whether the page is shown in a mini program's web view, where WeChat lets no page pay.
    pub in_miniprogram: bool,
}

impl Visitor {
    /// The shopper.
    ///
    /// # Errors
    /// [`ShopError::LoggedOut`] where nobody is logged in.
    pub fn openid(&self) -> Result<&OpenId, ShopError> {
        self.session.as_ref().ok_or(ShopError::LoggedOut)
    }
}
