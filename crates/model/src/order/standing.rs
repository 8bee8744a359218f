use super::OrderState;
use crate::Fen;

/// The money of the payment that paid an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Money {
    /// The amount that was paid, fen.
    pub total: Fen,
    /// The amount of the refunds that succeeded, fen.
    pub refunded: Fen,
    /// The amount that open refunds reserve, fen.
    pub refunding: Fen,
    /// Whether WeChat reports refunds that the books do not know.
    pub refunds_unknown: bool,
}

/// Where the money of an order is. Pages and commands use this and not only the state: the state ignores refunds that
/// have not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// The shop has no money for this order: it was not paid, or everything was refunded.
    NoMoney,
    /// The shop keeps the money, or a part of it.
    Kept,
    /// Open refunds take everything that is left.
    Returning,
    /// WeChat reports refunds that the books do not know.
    Unknown,
}

impl Standing {
    /// Computes the standing from the state of an order and the money of the payment that paid the order.
    ///
    /// ```
    /// use model::{Fen, order::{Money, OrderState, Standing}};
    ///
    /// let money = |refunded, refunding| Money {
    ///     total: Fen(100), refunded: Fen(refunded), refunding: Fen(refunding), refunds_unknown: false,
    /// };
    /// assert_eq!(Standing::of(OrderState::Paid, Some(money(0, 40))), Standing::Kept);
    /// assert_eq!(Standing::of(OrderState::PartlyRefunded, Some(money(60, 40))), Standing::Returning);
    /// assert_eq!(Standing::of(OrderState::Refunded, Some(money(100, 0))), Standing::NoMoney);
    /// ```
    #[must_use]
    pub const fn of(state: OrderState, money: Option<Money>) -> Self {
        if !state.holds_money() {
            return Self::NoMoney;
        }
        match money {
            Some(money) if money.refunds_unknown => Self::Unknown,
            Some(money) if money.refunded.0 + money.refunding.0 >= money.total.0 => Self::Returning,
            Some(_) | None => Self::Kept,
        }
    }

    /// Whether staff may ship the goods.
    #[must_use]
    pub const fn may_ship(self) -> bool {
        matches!(self, Self::Kept)
    }
}
