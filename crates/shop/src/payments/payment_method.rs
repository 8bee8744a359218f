use model::{OpenId, payment::TradeType};

/// How an order is paid: each is an attempt of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PaymentMethod {
    /// Inside WeChat, by whom the account knows by this openid.
    Jsapi(OpenId),
    /// In a phone's browser, which goes to WeChat's cashier.
    H5,
    /// With a code on a screen that somebody scans.
    Native,
}

impl PaymentMethod {
    pub(super) const fn trade_type(&self) -> TradeType {
        match self {
            Self::Jsapi(_) => TradeType::Jsapi,
            Self::H5 => TradeType::H5,
            Self::Native => TradeType::Native,
        }
    }

    /// Who pays, where WeChat is told beforehand.
    pub(super) const fn payer(&self) -> Option<&OpenId> {
        match self {
            Self::Jsapi(openid) => Some(openid),
            Self::H5 | Self::Native => None,
        }
    }
}
