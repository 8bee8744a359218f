use std::{fmt, str::FromStr};

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrderState {
    /// The shopper placed it, it holds stock, and no payment has begun.
    Created,
    /// WeChat has been asked to take the money, or is about to be.
    Paying,
    /// Given up or expired; WeChat has not yet confirmed that nothing can be paid any more.
    Closing,
    /// It ended without a payment, and its stock is back.
    Closed,
    /// Paid in full.
    Paid,
    /// Paid, and a part of the money has been given back.
    PartlyRefunded,
    /// All of the money has been given back.
    Refunded,
}

impl OrderState {
    /// Every state.
    pub const ALL: [Self; 7] = [
        Self::Created,
        Self::Paying,
        Self::Closing,
        Self::Closed,
        Self::Paid,
        Self::PartlyRefunded,
        Self::Refunded,
    ];

    /// The word in the database and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Paying => "paying",
            Self::Closing => "closing",
            Self::Closed => "closed",
            Self::Paid => "paid",
            Self::PartlyRefunded => "partly_refunded",
            Self::Refunded => "refunded",
        }
    }

    /// Whether the shopper may still pay.
    #[must_use]
    pub const fn is_payable(self) -> bool {
        matches!(self, Self::Created | Self::Paying)
    }

    /// Whether it was paid, refunded or not.
    #[must_use]
    pub const fn was_paid(self) -> bool {
        matches!(self, Self::Paid | Self::PartlyRefunded | Self::Refunded)
    }

    /// Whether the shop still has money of it, or some of it.
    #[must_use]
    pub const fn holds_money(self) -> bool {
        matches!(self, Self::Paid | Self::PartlyRefunded)
    }

    /// Whether no payment is to be waited for any more.
    #[must_use]
    pub const fn is_settled(self) -> bool {
        matches!(self, Self::Closed) || self.was_paid()
    }
}

impl fmt::Display for OrderState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that is no state, or no kind, of an order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown state or kind of an order")]
pub struct UnknownState;

impl FromStr for OrderState {
    type Err = UnknownState;

    fn from_str(word: &str) -> Result<Self, UnknownState> {
        Self::ALL.into_iter().find(|state| state.as_str() == word).ok_or(UnknownState)
    }
}
