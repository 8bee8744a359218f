use model::{OpenId, OrderId, OutRefundNo, OutTradeNo, Shopper, Sku, UnionId};

/// The rows that a command has to see before it decides. The writer reads those of a whole group together.
#[derive(Debug, Default)]
pub struct ReadSet {
    pub(super) attempts: Vec<OutTradeNo>,
    pub(super) orders: Vec<OrderId>,
    pub(super) skus: Vec<Sku>,
    pub(super) baskets: Vec<(Shopper, String)>,
    pub(super) refunds: Vec<OrderId>,
    pub(super) after_sale: Vec<OrderId>,
    pub(super) refund_numbers: Vec<OutRefundNo>,
    pub(super) shoppers: Vec<String>,
    pub(super) addresses: Vec<String>,
    pub(super) returns: Vec<OrderId>,
    pub(super) pushes: Vec<String>,
    pub(super) messages: Vec<String>,
    pub(super) complaints: Vec<String>,
    pub(super) balances: Vec<String>,
    pub(super) confirmed: Vec<(Shopper, String)>,
    pub(super) logins: Vec<(OpenId, UnionId)>,
}

impl ReadSet {
    /// One attempt and its order.
    pub fn attempt(&mut self, out_trade_no: &OutTradeNo) {
        self.attempts.push(out_trade_no.clone());
    }

    /// An order with all its attempts and items.
    pub fn order(&mut self, id: &OrderId) {
        self.orders.push(id.clone());
    }

    /// An order with all its attempts, items and refunds, and its shopper's balance.
    pub fn refunds(&mut self, id: &OrderId) {
        self.order(id);
        self.refunds.push(id.clone());
    }

    /// An order whose pieces may go back to the stock. PostgreSQL locks their stock together with other stock, in one order.
    pub fn order_that_returns_stock(&mut self, id: &OrderId) {
        self.order(id);
        self.returns.push(id.clone());
    }

    /// The balance of a shopper. PostgreSQL locks it.
    pub fn balance(&mut self, shopper: &Shopper) {
        self.balances.push(shopper.to_string());
    }

    /// The order of a shopper with this link key.
    pub fn confirmed(&mut self, shopper: &Shopper, link_key: &str) {
        self.confirmed.push((shopper.clone(), link_key.to_owned()));
    }

    /// The refund of this number, of any order.
    pub fn refund_number(&mut self, out_refund_no: &OutRefundNo) {
        self.refund_numbers.push(out_refund_no.clone());
    }

    /// An order with its shipment, the report of its delivery and its after-sales.
    pub fn after_sale(&mut self, id: &OrderId) {
        self.order(id);
        self.after_sale.push(id.clone());
    }

    /// The price and the stock of a specification.
    pub fn sku(&mut self, sku: &Sku) {
        self.skus.push(sku.clone());
    }

    /// What the unpaid orders of a shopper hold, and what those from an address hold (where the address is known).
    pub fn holds(&mut self, shopper: &Shopper, placed_from: &str) {
        self.shoppers.push(shopper.to_string());
        if !placed_from.is_empty() {
            self.addresses.push(placed_from.to_owned());
        }
    }

    /// A message that WeChat pushed.
    pub fn push(&mut self, id: &str) {
        self.pushes.push(id.to_owned());
    }

    /// A message to a shopper or to staff. PostgreSQL locks it.
    pub fn message(&mut self, id: &str) {
        self.messages.push(id.to_owned());
    }

    /// A complaint with the answers of staff to it. PostgreSQL locks it.
    pub fn complaint(&mut self, id: &str) {
        self.complaints.push(id.to_owned());
    }

    /// The unpaid orders of the same items by the same shopper.
    pub fn basket(&mut self, shopper: &Shopper, basket: &str) {
        self.baskets.push((shopper.clone(), basket.to_owned()));
    }
}
