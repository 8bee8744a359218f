//! Sums of a period: what was sold, and what moved money.

use crate::{Fen, OrderId, ProductId, word::words};

words! {
    /// A period of the dashboard. It ends now, and is compared with the same length of time before it. The words stand in links.
    Period {
        /// Today, compared with yesterday until the same time.
        Today = "today",
        /// Seven days with today.
        SevenDays = "7d",
        /// Thirty days with today.
        ThirtyDays = "30d",
        /// The calendar month, compared with the month before until the same day and time.
        Month = "month",
    }
}

/// The sums of a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PeriodSums {
    /// What was paid for goods and their delivery, fen.
    pub paid: Fen,
    /// Refunds of goods that were asked for in this time and have succeeded, fen.
    pub refunded: Fen,
    /// The number of paid orders of goods.
    pub orders: i64,
}

impl PeriodSums {
    /// What was paid less refunds, fen.
    #[must_use]
    pub const fn net(&self) -> Fen {
        Fen(self.paid.0 - self.refunded.0)
    }
}

/// A period and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Until now.
    pub now: PeriodSums,
    /// As much time before it.
    pub before: PeriodSums,
}

/// An amount and its refunds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    /// What was paid, fen.
    pub paid: Fen,
    /// What was refunded, fen.
    pub refunded: Fen,
}

impl Amounts {
    /// What is left, fen.
    #[must_use]
    pub const fn net(&self) -> Fen {
        Fen(self.paid.0 - self.refunded.0)
    }
}

/// The figures of a product in a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductFigures {
    /// The product; `None` if it is not in the catalogue any more.
    pub product: Option<ProductId>,
    /// Its name.
    pub name: String,
    /// The number of pieces in orders that were paid in the period.
    pub pieces: i64,
    /// Their amount less reductions, the refunds of orders that were refunded completely at once, and the product's share of
    /// refunds after an after-sale.
    pub amounts: Amounts,
}

/// The figures of a period. All rows together are `total`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Each product, that with the highest amount first.
    pub products: Vec<ProductFigures>,
    /// The delivery cost.
    pub freight: Amounts,
    /// Refunds of a part of an order that belong to no after-sale, fen.
    pub partial_refunds: Fen,
    /// Payments that their orders did not need, and the refunds of these payments.
    pub not_needed: Amounts,
    /// Everything that was paid for goods, and everything that was refunded.
    pub total: Amounts,
    /// The number of orders that were paid.
    pub orders: i64,
}

/// The figures of a period beside those of the period before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComparedFigures {
    /// The period. It has the products of both periods: one that was not sold has no pieces.
    pub now: Figures,
    /// The period before.
    pub before: Figures,
}

impl ComparedFigures {
    /// Both figures, with the products of both in `now`.
    #[must_use]
    pub fn of(mut now: Figures, before: Figures) -> Self {
        for gone in &before.products {
            if now.of_product(gone).is_none() {
                let none = ProductFigures { pieces: 0, amounts: Amounts::default(), ..gone.clone() };
                now.products.push(none);
            }
        }
        Self { now, before }
    }
}

impl Figures {
    /// The number of pieces of all products.
    #[must_use]
    pub fn pieces(&self) -> i64 {
        self.products.iter().map(|product| product.pieces).sum()
    }

    /// The figures of the same product here. A product that is not in the catalogue any more is known by its name.
    #[must_use]
    pub fn of_product(&self, other: &ProductFigures) -> Option<&ProductFigures> {
        self.products
            .iter()
            .find(|own| own.product == other.product && (own.product.is_some() || own.name == other.name))
    }
}

words! {
    /// What moved money.
    MoneyKind {
        /// WeChat took a payment of goods.
        Payment = "payment",
        /// WeChat took a payment of a top-up.
        TopUpPayment = "top_up_payment",
        /// WeChat refunded.
        WechatRefund = "wechat_refund",
        /// A top-up was added to a balance.
        TopUp = "top_up",
        /// A top-up is refunded: it left the balance.
        TopUpRefund = "top_up_refund",
        /// The refund of a top-up was closed: it is in the balance again.
        TopUpRefundClosed = "top_up_refund_closed",
        /// A balance pays an order: it is taken when the order is placed.
        Order = "order",
        /// The order was closed without a payment: it is in the balance again.
        OrderClosed = "order_closed",
        /// A refund to a balance.
        Refund = "refund",
    }
}

/// One movement of money. A text is empty if there is nothing to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoneyMove {
    /// When, ms.
    pub at_ms: i64,
    /// Sorts the movements of the same moment.
    pub key: String,
    /// What it is.
    pub kind: MoneyKind,
    /// The order.
    pub order_id: OrderId,
    /// The attempt.
    pub out_trade_no: String,
    /// The refund.
    pub out_refund_no: String,
    /// WeChat's number of the payment.
    pub transaction_id: String,
    /// WeChat's number of the refund.
    pub refund_id: String,
    /// What the merchant's account at WeChat gets, fen; negative for what leaves it. WeChat's fee is not in it.
    pub wechat: Fen,
    /// What a shopper's balance gets, fen; negative for what leaves it.
    pub balance: Fen,
}
