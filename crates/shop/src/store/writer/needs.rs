use model::{OrderId, OutRefundNo, OutTradeNo, Shopper, Sku};

/// What a command has to see before it can decide. All of a group's needs are read together.
#[derive(Debug, Default)]
pub(crate) struct Needs {
    pub(super) attempts: Vec<OutTradeNo>,
    pub(super) orders: Vec<OrderId>,
    pub(super) skus: Vec<Sku>,
    pub(super) baskets: Vec<(Shopper, String)>,
    pub(super) refunds: Vec<OrderId>,
    pub(super) services: Vec<OrderId>,
    pub(super) refund_numbers: Vec<OutRefundNo>,
    pub(super) shoppers: Vec<String>,
    pub(super) addresses: Vec<String>,
    pub(super) returns: Vec<OrderId>,
}

impl Needs {
    /// One attempt and its order.
    pub(crate) fn attempt(&mut self, out_trade_no: &OutTradeNo) {
        self.attempts.push(out_trade_no.clone());
    }

    /// An order with all its attempts and items.
    pub(crate) fn order(&mut self, id: &OrderId) {
        self.orders.push(id.clone());
    }

    /// An order with all its attempts, items and refunds, and its shopper's balance.
    pub(crate) fn refunds(&mut self, id: &OrderId) {
        self.order(id);
        self.refunds.push(id.clone());
    }

    /// An order whose pieces may go back to the shelf: their stock is locked with that of the others, in one order.
    pub(crate) fn order_that_returns_stock(&mut self, id: &OrderId) {
        self.order(id);
        self.returns.push(id.clone());
    }

    /// The refund of this number, whichever order it belongs to.
    pub(crate) fn refund_number(&mut self, out_refund_no: &OutRefundNo) {
        self.refund_numbers.push(out_refund_no.clone());
    }

    /// An order with its shipment and its shopper's wish to have the money back.
    pub(crate) fn service(&mut self, id: &OrderId) {
        self.order(id);
        self.services.push(id.clone());
    }

    /// The price and stock of a thing.
    pub(crate) fn sku(&mut self, sku: &Sku) {
        self.skus.push(sku.clone());
    }

    /// What the unpaid orders of a shopper hold, and what those from an address hold (where the address is known).
    pub(crate) fn holds(&mut self, shopper: &Shopper, placed_from: &str) {
        self.shoppers.push(shopper.to_string());
        if !placed_from.is_empty() {
            self.addresses.push(placed_from.to_owned());
        }
    }

    /// The untouched order of the same things by the same shopper.
    pub(crate) fn basket(&mut self, shopper: &Shopper, basket: &str) {
        self.baskets.push((shopper.clone(), basket.to_owned()));
    }
}
