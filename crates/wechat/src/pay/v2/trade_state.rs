/// The state of an order at WeChat: `trade_state`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TradeState {
    /// The shopper has paid.
    Success,
    /// The shopper has paid, and the merchant refunded a part or all.
    Refund,
    /// The shopper has not paid yet.
    NotPay,
    /// The order is closed, and the shopper has not paid.
    Closed,
    /// The merchant reversed the payment (only payments by code).
    Revoked,
    /// The shopper must still type the password (only payments by code).
    UserPaying,
    /// The payment failed. The shopper may try again.
    PayError,
    /// WeChat accepted the payment, and the money has not arrived yet.
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
