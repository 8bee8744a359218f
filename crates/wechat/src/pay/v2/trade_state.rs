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
    /// Reversed (payments by code only).
    Revoked,
    /// The shopper is typing the password (payments by code only).
    UserPaying,
    /// The payment failed. The shopper may try again.
    PayError,
    /// Accepted; the money has not arrived yet.
    Accept,
    /// A word that this crate does not know, as WeChat sent it.
    Unknown(String),
}

impl TradeState {
    /// Whether WeChat received money for the order.
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

    /// The word in WeChat's messages.
    ///
    /// ```
    /// assert_eq!(wechat::pay::v2::TradeState::from("NEW_STATE").as_str(), "NEW_STATE");
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
