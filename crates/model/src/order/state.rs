use std::{fmt, str::FromStr};

use crate::UnknownWord;

/// The state of an order, as the database has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrderState {
    /// The shopper placed it, and no payment has begun. It holds stock until the hold time is over.
    Created,
    /// A payment attempt has begun.
    Paying,
    /// The shopper cancelled it, or its time to pay is over. WeChat can still report a payment of one of its attempts.
    Closing,
    /// It was closed without a payment, and its stock returned.
    Closed,
    /// Paid in full.
    Paid,
    /// Paid, and a part of the money was refunded.
    PartlyRefunded,
    /// Paid, and all of the money was refunded.
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

    /// Whether it was paid, with or without refunds.
    #[must_use]
    pub const fn was_paid(self) -> bool {
        matches!(self, Self::Paid | Self::PartlyRefunded | Self::Refunded)
    }

    /// Whether it was paid and not refunded in full.
    #[must_use]
    pub const fn holds_money(self) -> bool {
        matches!(self, Self::Paid | Self::PartlyRefunded)
    }

    /// Whether the shop waits for no payment any more: it is paid or closed.
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

impl FromStr for OrderState {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|state| state.as_str() == word).ok_or(UnknownWord)
    }
}
