//! Sums of a period, and movements of money. `crates/store/src/queries/admin` computes them.

use crate::{Fen, OrderId, ProductId, word::words};

words! {
    /// A period of the dashboard. It ends now. The dashboard compares it with an equally long period before. Its word
    /// is part of the page's address.
    Period {
        /// Today, compared with yesterday up to the same time of the day.
        Today = "today",
        /// The last seven days, including today.
        SevenDays = "7d",
        /// The last thirty days, including today.
        ThirtyDays = "30d",
        /// The calendar month, compared with the month before up to the same day and time.
        Month = "month",
    }
}

/// The sums of a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PeriodSums {
    /// What was paid for goods and their delivery, fen.
    pub paid: Fen,
    /// Refunds of goods that the shop created in the period and that have succeeded, fen.
    pub refunded: Fen,
    /// The number of orders of goods that were paid in the period.
    pub orders: i64,
}

impl PeriodSums {
    /// What was paid less refunds, fen.
    #[must_use]
    pub const fn net(&self) -> Fen {
        Fen(self.paid.0 - self.refunded.0)
    }
}

/// The sums of a period and of the period before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The period that ends now.
    pub now: PeriodSums,
    /// The period before.
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
    /// The product; `None` if it is no longer in the catalogue.
    pub product: Option<ProductId>,
    /// Its name.
    pub name: String,
    /// The number of pieces in orders that were paid in the period.
    pub pieces: i64,
    /// Their amount less reductions, the refunds of orders that were refunded completely at once, and the product's share of
    /// refunds after an after-sale.
    pub amounts: Amounts,
}

/// The figures of a period. The products, `freight`, `partial_refunds` and `surplus` add up to `total`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Each product with its figures; the highest net amount comes first.
    pub products: Vec<ProductFigures>,
    /// The delivery cost.
    pub freight: Amounts,
    /// Refunds of a part of an order that belong to no after-sale, fen.
    pub partial_refunds: Fen,
    /// Surplus payments and their refunds.
    pub surplus: Amounts,
    /// Everything that was paid for goods, and everything that was refunded.
    pub total: Amounts,
    /// The number of orders that were paid.
    pub orders: i64,
}

/// The figures of a period beside those of the period before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComparedFigures {
    /// The period. It has the products of both periods: a product that was only sold before has 0 pieces.
    pub now: Figures,
    /// The period before.
    pub before: Figures,
}

impl ComparedFigures {
    /// Adds the products that only `before` has to `now`, with 0 pieces.
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

    /// The figures of the same product in this period. Products that are no longer in the catalogue are compared by
    /// name.
    #[must_use]
    pub fn of_product(&self, other: &ProductFigures) -> Option<&ProductFigures> {
        self.products
            .iter()
            .find(|own| own.product == other.product && (own.product.is_some() || own.name == other.name))
    }
}

words! {
    /// The kind of a movement of money.
    MoneyKind {
        /// WeChat took a payment of goods.
        Payment = "payment",
        /// WeChat took a payment of a top-up.
        TopUpPayment = "top_up_payment",
        /// WeChat made a refund.
        WechatRefund = "wechat_refund",
        /// A top-up was added to a balance.
        TopUp = "top_up",
        /// A top-up is refunded, and its amount left the balance.
        TopUpRefund = "top_up_refund",
        /// WeChat closed the refund of a top-up, and its amount is in the balance again.
        TopUpRefundClosed = "top_up_refund_closed",
        /// A balance pays an order. The shop takes the amount when the shopper places the order.
        Order = "order",
        /// The order was closed without a payment, and its amount is in the balance again.
        OrderClosed = "order_closed",
        /// A refund went to a balance.
        Refund = "refund",
    }
}

/// One movement of money, a row of the file for accounting (收支明细). A text is empty if the movement has no such number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoneyMove {
    /// When it happened, ms since 1970.
    pub at_ms: i64,
    /// Sorts the movements of the same millisecond; unique. The next page begins after it.
    pub key: String,
    /// Its kind.
    pub kind: MoneyKind,
    /// The order.
    pub order_id: OrderId,
    /// Our number of the payment attempt.
    pub out_trade_no: String,
    /// Our number of the refund.
    pub out_refund_no: String,
    /// WeChat's number of the payment.
    pub transaction_id: String,
    /// WeChat's number of the refund.
    pub refund_id: String,
    /// What the merchant's account at WeChat gets, fen; negative if money leaves it. WeChat's fee is not included.
    pub wechat: Fen,
    /// What a shopper's balance gets, fen; negative if money leaves it.
    pub balance: Fen,
}
