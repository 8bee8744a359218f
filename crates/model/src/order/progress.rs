use super::{OrderKind, OrderState, Standing};
use crate::Fen;

/// The state of an order's payment, as pages show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentProgress {
    /// The shopper can still pay.
    Awaiting,
    /// The close of the order is requested, and WeChat has not confirmed it.
    Cancelling,
    /// The order was closed without a payment.
    Closed,
    /// The shopper has paid. A refund does not change this.
    Paid,
}

/// The state of an order's goods, as pages show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryProgress {
    /// The shop has nothing to send: the order is unpaid, refunded before it was sent, or a top-up.
    Nothing,
    /// The shop has to send the goods.
    ToShip,
    /// The shopper has to collect the goods.
    ToCollect,
    /// The shop sent the first parcel.
    Shipped,
    /// The shopper has received the goods.
    Received,
    /// The shopper collected the goods.
    Collected,
}

/// The state of an order's refunds, as pages show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundProgress {
    /// There is no refund.
    Nothing,
    /// An after-sale waits for staff.
    Requested,
    /// A refund has not ended.
    Processing,
    /// This part of the money was refunded.
    Partly(Fen),
    /// All money was refunded.
    Fully,
}

/// The facts from which [`OrderProgress::of`] computes the progress of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgressFacts {
    /// Goods or a top-up.
    pub kind: OrderKind,
    /// The state of the order.
    pub state: OrderState,
    /// Where its money is.
    pub standing: Standing,
    /// Whether staff sent the order, or handed it over.
    pub is_shipped: bool,
    /// Whether the shopper has received it.
    pub is_received: bool,
    /// Whether the shopper collects the goods.
    pub is_pickup: bool,
    /// Whether it has pieces that no refund cancelled.
    pub has_pieces: bool,
    /// Whether an after-sale waits for staff.
    pub wants_refund: bool,
    /// The amount of the refunds that succeeded, fen.
    pub refunded: Fen,
    /// The amount of the refunds that have not ended, fen.
    pub refunding: Fen,
}

/// The states of an order's payment, delivery and refund. They are three, because each changes without the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderProgress {
    /// The state of its payment.
    pub payment: PaymentProgress,
    /// The state of its goods.
    pub delivery: DeliveryProgress,
    /// The state of its refunds.
    pub refund: RefundProgress,
}

impl OrderProgress {
    /// Computes the three states.
    ///
    /// ```
    /// use model::{Fen, order::{
    ///     DeliveryProgress, OrderKind, OrderProgress, OrderState, PaymentProgress, ProgressFacts, RefundProgress, Standing,
    /// }};
    ///
    /// // a part of a shipped order was refunded: it stays paid and shipped
    /// let progress = OrderProgress::of(ProgressFacts {
    ///     kind: OrderKind::Goods,
    ///     state: OrderState::PartlyRefunded,
    ///     standing: Standing::Kept,
    ///     is_shipped: true,
    ///     is_received: false,
    ///     is_pickup: false,
    ///     has_pieces: true,
    ///     wants_refund: false,
    ///     refunded: Fen(2000),
    ///     refunding: Fen(0),
    /// });
    /// assert_eq!(progress.payment, PaymentProgress::Paid);
    /// assert_eq!(progress.delivery, DeliveryProgress::Shipped);
    /// assert_eq!(progress.refund, RefundProgress::Partly(Fen(2000)));
    /// ```
    #[must_use]
    pub const fn of(facts: ProgressFacts) -> Self {
        let payment = match facts.state {
            OrderState::Created | OrderState::Paying => PaymentProgress::Awaiting,
            OrderState::Closing => PaymentProgress::Cancelling,
            OrderState::Closed => PaymentProgress::Closed,
            OrderState::Paid | OrderState::PartlyRefunded | OrderState::Refunded => PaymentProgress::Paid,
        };
        let delivery = match facts.kind {
            OrderKind::TopUp => DeliveryProgress::Nothing,
            OrderKind::Goods if facts.is_shipped && facts.is_pickup => DeliveryProgress::Collected,
            OrderKind::Goods if facts.is_shipped && facts.is_received => DeliveryProgress::Received,
            OrderKind::Goods if facts.is_shipped => DeliveryProgress::Shipped,
            OrderKind::Goods if !facts.standing.may_ship() || !facts.has_pieces => DeliveryProgress::Nothing,
            OrderKind::Goods if facts.is_pickup => DeliveryProgress::ToCollect,
            OrderKind::Goods => DeliveryProgress::ToShip,
        };
        let refund = match facts.state {
            OrderState::Refunded => RefundProgress::Fully,
            _ if matches!(facts.standing, Standing::Returning | Standing::Unknown)
                || facts.refunding.0 > 0 =>
            {
                RefundProgress::Processing
            }
            _ if facts.wants_refund => RefundProgress::Requested,
            _ if facts.refunded.0 > 0 => RefundProgress::Partly(facts.refunded),
            _ => RefundProgress::Nothing,
        };
        Self { payment, delivery, refund }
    }
}

/// A tab in a shopper's list of orders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OrderTab {
    /// Every order.
    #[default]
    All,
    /// Orders that can still be paid.
    ToPay,
    /// Paid orders that the shop has not sent.
    ToShip,
    /// Orders that the shop sent, and that the shopper has not received.
    Shipped,
    /// Orders with a refund or an after-sale, also if it has ended. A withdrawn after-sale does not count.
    Refund,
}

impl OrderTab {
    /// Every tab, in the order of the page.
    pub const ALL: [Self; 5] = [Self::All, Self::ToPay, Self::ToShip, Self::Shipped, Self::Refund];

    /// The word in the address of the page.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::ToPay => "to_pay",
            Self::ToShip => "to_ship",
            Self::Shipped => "shipped",
            Self::Refund => "refund",
        }
    }

    /// The tab of this word; [`OrderTab::All`] for an unknown word.
    #[must_use]
    pub fn of_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|tab| tab.as_str() == word).unwrap_or_default()
    }
}

/// The number beside each tab: the orders that still need something. The tab [`OrderTab::Refund`] also lists ended refunds,
/// which are not counted. The tab [`OrderTab::All`] has no number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TabCounts {
    /// Orders that can still be paid.
    pub to_pay: i64,
    /// Paid orders that the shop has not sent.
    pub to_ship: i64,
    /// Orders that the shop sent, and that the shopper has not received.
    pub shipped: i64,
    /// Orders with a refund or an after-sale that has not ended.
    pub refund: i64,
}

impl TabCounts {
    /// The number beside a tab; `None` for [`OrderTab::All`].
    #[must_use]
    pub const fn of(&self, tab: OrderTab) -> Option<i64> {
        match tab {
            OrderTab::All => None,
            OrderTab::ToPay => Some(self.to_pay),
            OrderTab::ToShip => Some(self.to_ship),
            OrderTab::Shipped => Some(self.shipped),
            OrderTab::Refund => Some(self.refund),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAID: ProgressFacts = ProgressFacts {
        kind: OrderKind::Goods,
        state: OrderState::Paid,
        standing: Standing::Kept,
        is_shipped: false,
        is_received: false,
        is_pickup: false,
        has_pieces: true,
        wants_refund: false,
        refunded: Fen(0),
        refunding: Fen(0),
    };

    #[test]
    fn the_delivery_follows_the_choice_and_the_shipment() {
        let of = |facts| OrderProgress::of(facts).delivery;
        assert_eq!(of(PAID), DeliveryProgress::ToShip);
        assert_eq!(of(ProgressFacts { has_pieces: false, ..PAID }), DeliveryProgress::Nothing);
        assert_eq!(of(ProgressFacts { is_pickup: true, ..PAID }), DeliveryProgress::ToCollect);
        assert_eq!(of(ProgressFacts { is_shipped: true, ..PAID }), DeliveryProgress::Shipped);
        assert_eq!(
            of(ProgressFacts { is_shipped: true, is_received: true, ..PAID }),
            DeliveryProgress::Received
        );
        assert_eq!(
            of(ProgressFacts { is_pickup: true, is_shipped: true, ..PAID }),
            DeliveryProgress::Collected
        );
        assert_eq!(of(ProgressFacts { kind: OrderKind::TopUp, ..PAID }), DeliveryProgress::Nothing);
        let unpaid = ProgressFacts { state: OrderState::Created, standing: Standing::NoMoney, ..PAID };
        assert_eq!(of(unpaid), DeliveryProgress::Nothing);
        // an order that was sent and then refunded was still sent
        let back = ProgressFacts {
            state: OrderState::Refunded,
            standing: Standing::NoMoney,
            is_shipped: true,
            ..PAID
        };
        assert_eq!(of(back), DeliveryProgress::Shipped);
    }

    #[test]
    fn a_refund_does_not_change_the_payment() {
        let facts = ProgressFacts { state: OrderState::Refunded, standing: Standing::NoMoney, ..PAID };
        let progress = OrderProgress::of(facts);
        assert_eq!((progress.payment, progress.refund), (PaymentProgress::Paid, RefundProgress::Fully));
        let refund = |facts| OrderProgress::of(facts).refund;
        assert_eq!(refund(ProgressFacts { wants_refund: true, ..PAID }), RefundProgress::Requested);
        assert_eq!(
            refund(ProgressFacts { standing: Standing::Returning, ..PAID }),
            RefundProgress::Processing
        );
        assert_eq!(
            refund(ProgressFacts { refunding: Fen(1), wants_refund: true, ..PAID }),
            RefundProgress::Processing
        );
    }
}
