/// The state of an order at WeChat: `trade_state`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TradeState {
    /// Paid.
    Success,
    /// Paid, and refunded in part or in full.
    Refund,
    /// Not paid yet.
    NotPay,
    /// Closed without a payment.
    Closed,
    /// Revoked (scanned payments only).
    Revoked,
    /// The shopper is typing the password (scanned payments only).
    UserPaying,
    /// The payment failed; another try is possible.
    PayError,
    /// Accepted, waiting for the money.
    Accept,
    /// A word that this crate does not know, as it was sent.
    Unknown(String),
}

impl TradeState {
    /// Whether money has arrived for the order.
    ///
    /// ```
    /// use wechat::pay::v2::TradeState;
    ///
    /// assert!(TradeState::from("SUCCESS").is_paid());
    /// assert!(TradeState::from("REFUND").is_paid());
    /// assert!(!TradeState::from("NOTPAY").is_paid());
    /// ```
    #[must_use]
    pub const fn is_paid(&self) -> bool {
        matches!(self, Self::Success | Self::Refund)
    }

    /// The word on the wire.
    ///
    /// ```
    /// assert_eq!(wechat::pay::v2::TradeState::from("of tomorrow").as_str(), "of tomorrow");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Success => "SUCCESS",
            Self::Refund => "REFUND",
            Self::NotPay => "NOTPAY",
            Self::Closed => "CLOSED",
            Self::Revoked => "REVOKED",
            Self::UserPaying => "USERPAYING",
            Self::PayError => "PAYERROR",
            Self::Accept => "ACCEPT",
            Self::Unknown(word) => word,
        }
    }
}

impl From<&str> for TradeState {
    fn from(word: &str) -> Self {
        match word {
            "SUCCESS" => Self::Success,
            "REFUND" => Self::Refund,
            "NOTPAY" => Self::NotPay,
            "CLOSED" => Self::Closed,
            "REVOKED" => Self::Revoked,
            "USERPAYING" => Self::UserPaying,
            "PAYERROR" => Self::PayError,
            "ACCEPT" => Self::Accept,
            _ => Self::Unknown(word.to_owned()),
        }
    }
}
