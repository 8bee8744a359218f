use model::{OpenId, payment::TradeType};

/// How the payer pays: the trade type, with what it needs. Each method needs its own attempt.
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

    /// The payer's openid; `None` if anyone can pay.
    pub(crate) const fn payer(&self) -> Option<&OpenId> {
        match self {
            Self::Jsapi(openid) => Some(openid),
            Self::H5 | Self::Native => None,
        }
    }
}
