use model::{OpenId, OrderId, OutRefundNo, OutTradeNo, Shopper, Sku, UnionId};

/// The rows that commands need. The writer reads the rows of a whole group together.
#[derive(Debug, Default)]
pub struct ReadSet {
    pub(super) attempts: Vec<OutTradeNo>,
    pub(super) orders: Vec<OrderId>,
    pub(super) skus: Vec<Sku>,
    pub(super) baskets: Vec<(Shopper, String)>,
    pub(super) refunds: Vec<OrderId>,
    pub(super) orders_with_after_sales: Vec<OrderId>,
    pub(super) refund_numbers: Vec<OutRefundNo>,
    pub(super) shoppers: Vec<String>,
    pub(super) addresses: Vec<String>,
    pub(super) stock_returns: Vec<OrderId>,
    pub(super) pushes: Vec<String>,
    pub(super) messages: Vec<String>,
    pub(super) complaints: Vec<String>,
    pub(super) balances: Vec<String>,
    pub(super) orders_with_link_key: Vec<(Shopper, String)>,
    pub(super) logins: Vec<(OpenId, UnionId)>,
}

impl ReadSet {
    /// Reads one attempt and its order.
    pub fn attempt(&mut self, out_trade_no: &OutTradeNo) {
        self.attempts.push(out_trade_no.clone());
    }

    /// Reads an order with all its attempts and lines.
    pub fn order(&mut self, id: &OrderId) {
        self.orders.push(id.clone());
    }

    /// Reads an order with all its attempts, lines and refunds, and its shopper's balance.
    pub fn refunds(&mut self, id: &OrderId) {
        self.order(id);
        self.refunds.push(id.clone());
    }

    /// Reads an order whose pieces may return to the stock, and locks this stock on PostgreSQL.
    pub fn order_that_returns_stock(&mut self, id: &OrderId) {
        self.order(id);
        self.stock_returns.push(id.clone());
    }

    /// Reads the balance of a shopper, and locks it on PostgreSQL.
    pub fn balance(&mut self, shopper: &Shopper) {
        self.balances.push(shopper.to_string());
    }

    /// Reads the order of a shopper with this link key.
    pub fn order_with_link_key(&mut self, shopper: &Shopper, link_key: &str) {
        self.orders_with_link_key.push((shopper.clone(), link_key.to_owned()));
    }

    /// Reads the refund with this number, of any order.
    pub fn refund_number(&mut self, out_refund_no: &OutRefundNo) {
        self.refund_numbers.push(out_refund_no.clone());
    }

    /// Reads an order with all its attempts and lines, its shipment, its delivery report and its after-sales.
    pub fn order_with_after_sales(&mut self, id: &OrderId) {
        self.order(id);
        self.orders_with_after_sales.push(id.clone());
    }

    /// Reads the price and the stock of a specification, and locks them on PostgreSQL.
    pub fn sku(&mut self, sku: &Sku) {
        self.skus.push(sku.clone());
    }

    /// Counts what the unpaid orders of a shopper and from an IP address hold, and what the shopper has bought of
    /// products with a purchase limit. `placed_from` may be empty.
    pub fn holds(&mut self, shopper: &Shopper, placed_from: &str) {
        self.shoppers.push(shopper.to_string());
        if !placed_from.is_empty() {
            self.addresses.push(placed_from.to_owned());
        }
    }

    /// Reads a message that WeChat pushed.
    pub fn push(&mut self, id: &str) {
        self.pushes.push(id.to_owned());
    }

    /// Reads a message to a shopper or to staff, and locks it on PostgreSQL.
    pub fn message(&mut self, id: &str) {
        self.messages.push(id.to_owned());
    }

    /// Reads a complaint with the answers of staff, and locks it on PostgreSQL.
    pub fn complaint(&mut self, id: &str) {
        self.complaints.push(id.to_owned());
    }

    /// Reads the unpaid orders of the same items by the same shopper, with their deliveries.
    pub fn basket(&mut self, shopper: &Shopper, basket: &str) {
        self.baskets.push((shopper.clone(), basket.to_owned()));
    }
}
