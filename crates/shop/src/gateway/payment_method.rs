use model::{OpenId, payment::TradeType};

/// How an order is paid. Each method needs an attempt of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PaymentMethod {
    /// Inside WeChat, by the person with this openid.
    Jsapi(OpenId),
    /// In a phone's browser, which opens WeChat's cashier.
    H5,
    /// With a QR code on a screen.
    Native,
}

impl PaymentMethod {
    pub(crate) const fn trade_type(&self) -> TradeType {
        match self {
            Self::Jsapi(_) => TradeType::Jsapi,
            Self::H5 => TradeType::H5,
            Self::Native => TradeType::Native,
        }
    }

    /// The payer, if the method fixes one.
    pub(crate) const fn payer(&self) -> Option<&OpenId> {
        match self {
            Self::Jsapi(openid) => Some(openid),
            Self::H5 | Self::Native => None,
        }
    }
}
