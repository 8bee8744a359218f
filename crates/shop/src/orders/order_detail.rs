use model::{
    Fen, OrderId, Quantity, Shopper, Sku, TransactionId,
    event::EventKind,
    order::{OrderKind, OrderProgress, OrderState, OrderTab, ProgressFacts, Standing, TabCounts},
    price::PriceBreakdown,
    record::{
        AfterSaleRecord, AttemptRecord, DeliveryRecord, InvoiceRecord, ItemRecord, OrderRecord,
        ShipmentRecord,
    },
    refund::RefundState,
};
use store::ShopperOrder;

use super::{Fulfilment, has_pieces, standing};
use crate::{Orders, SheetOutcome, ShopError};

/// An order as its page shows it.
#[derive(Clone, Debug)]
pub struct OrderDetail {
    /// Its number.
    pub id: OrderId,
    /// Goods or a top-up.
    pub kind: OrderKind,
    /// Its state.
    pub state: OrderState,
    /// Where its money is. This includes refunds that have not ended.
    pub standing: Standing,
    /// How its goods reach the shopper.
    pub fulfilment: Fulfilment,
    /// The amount of the refunds that succeeded, fen.
    pub refunded: Fen,
    /// The amount of the refunds that have not ended, fen.
    refunding: Fen,
    /// The amount to pay, fen: its lines and `freight_fee`, less `reduction_fee`.
    pub total_fee: Fen,
    /// The delivery cost in `total_fee`, fen.
    pub freight_fee: Fen,
    /// The reduction of the price of the goods, fen.
    pub reduction_fee: Fen,
    /// The part of `total_fee` that the shopper's balance pays, fen.
    pub balance_fee: Fen,
    /// When the shopper placed it, ms since 1970.
    pub created_ms: i64,
    /// The end of the time to pay, ms.
    pub expires_ms: i64,
    /// When it was paid, ms.
    pub paid_ms: Option<i64>,
    /// Its lines.
    pub lines: Vec<OrderLine>,
    /// What an after-sale can still claim of each line, in the order of the lines.
    pub left: Vec<LineLeft>,
    /// Where it goes; `None` if the shopper has not chosen, or for a person who opened the order by its link.
    pub delivery: Option<DeliveryRecord>,
    /// When it was closed, ms. Lists do not have it.
    pub closed_ms: Option<i64>,
    /// Whether it is closed because the shopper cancelled it.
    pub is_cancelled: bool,
    /// WeChat's number of the payment. Lists do not have it.
    pub transaction_id: Option<TransactionId>,
    /// Its refunds, oldest first. Lists do not have them.
    pub refunds: Vec<RefundLine>,
    /// Its shipment; `None` before the first parcel or the pickup.
    pub shipment: Option<ShipmentRecord>,
    /// Its after-sales, oldest first.
    pub after_sales: Vec<AfterSaleRecord>,
    /// The invoice that the shopper asked for. Lists do not have it.
    pub invoice: Option<InvoiceRecord>,
    /// The newest sheet report. It proves nothing about the payment.
    pub reported: Option<SheetOutcome>,
    /// Whether it has pieces that no refund cancelled.
    has_pieces: bool,
    /// The secret of its link; empty for old orders without a link.
    link_key: String,
    /// Whether this shopper placed it, and so may cancel it or ask for an after-sale.
    pub is_own: bool,
    /// The page of the mini program that pays it, with its query; `None` if no such page is configured.
    pub miniprogram_page: Option<String>,
}

/// A line of an order.
#[derive(Clone, Debug)]
pub struct OrderLine {
    /// The specification.
    pub sku: Sku,
    /// The product's name.
    pub name: String,
    /// The specification's name; may be empty.
    pub spec: String,
    /// The path of the product's picture.
    pub picture: String,
    /// The price of a piece, fen.
    pub price: Fen,
    /// The number of pieces.
    pub quantity: Quantity,
}

/// What an after-sale can still claim of a line of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineLeft {
    /// The position of the line in the order, from 1.
    pub position: i64,
    /// The number of pieces that no after-sale claims.
    pub pieces: i64,
    /// What the shopper can ask back for one piece, for two pieces, and so on, fen.
    pub fees: Vec<Fen>,
}

impl LineLeft {
    fn of(item: &ItemRecord, after_sales: &[AfterSaleRecord]) -> Self {
        let claimed = item.claimed_by(after_sales.iter());
        let fees = (1..=claimed.left()).map_while(|pieces| claimed.fee_of(pieces)).collect();
        Self { position: item.position, pieces: claimed.left(), fees }
    }

    /// What the shopper can ask back for all of these pieces, fen.
    #[must_use]
    pub fn fee(&self) -> Fen {
        self.fees.last().copied().unwrap_or(Fen::ZERO)
    }
}

/// A refund, as the shopper sees it.
#[derive(Clone, Debug)]
pub struct RefundLine {
    /// Our number of the refund.
    pub out_refund_no: String,
    /// Its state.
    pub state: RefundState,
    /// The amount, fen.
    pub refund_fee: Fen,
    /// The part that WeChat refunds, fen.
    pub wechat_fee: Fen,
    /// The part that returns to the shopper's balance, fen.
    pub balance_fee: Fen,
    /// When its state last changed, ms.
    pub changed_ms: i64,
}

impl OrderDetail {
    /// The path of its link, with which another person can see and pay the order. `None` if this shopper did not place
    /// the order, or it has no link.
    #[must_use]
    pub fn link(&self) -> Option<String> {
        let linked = self.is_own && !self.link_key.is_empty();
        linked.then(|| format!("/orders/{}/link/{}", self.id, self.link_key))
    }

    /// Its price in parts, without the shares of the lines.
    #[must_use]
    pub const fn price(&self) -> PriceBreakdown {
        let goods = Fen(self.total_fee.0 - self.freight_fee.0 + self.reduction_fee.0);
        PriceBreakdown {
            goods,
            freight: self.freight_fee,
            reduction: self.reduction_fee,
            balance: self.balance_fee,
            shares: Vec::new(),
        }
    }

    /// Its lines, in the form for [`Checkout::price`](crate::Checkout::price).
    #[must_use]
    pub fn priced_lines(&self) -> Vec<(Sku, Fen, Quantity)> {
        self.lines.iter().map(|line| (line.sku.clone(), line.price, line.quantity)).collect()
    }

    /// Whether the shopper may ask for an after-sale: the order was paid, and it has money and pieces that no refund or
    /// after-sale claims.
    #[must_use]
    pub fn may_ask_for_after_sale(&self) -> bool {
        let holds_money = matches!(self.state, OrderState::Paid | OrderState::PartlyRefunded);
        let is_all_claimed = self.after_sales.iter().any(|one| one.state.is_open() && one.lines.is_empty());
        let is_left = self.left.is_empty() || self.left.iter().any(|line| line.pieces > 0);
        let is_money_left = self.refunded.0 + self.refunding.0 < self.total_fee.0;
        self.is_own && holds_money && !is_all_claimed && is_left && is_money_left
    }

    /// The refund of an after-sale; `None` if the shop has not created one.
    #[must_use]
    pub fn refund_of(&self, asked: &AfterSaleRecord) -> Option<&RefundLine> {
        self.refunds.iter().find(|refund| refund.out_refund_no == asked.out_refund_no)
    }

    /// Whether an after-sale waits for staff.
    #[must_use]
    pub fn wants_refund(&self) -> bool {
        self.after_sales.iter().any(|one| one.state.waits_for_staff())
    }

    /// Whether the shopper may ask for an invoice or change it: the shop keeps money for the goods, and no invoice is
    /// issued.
    #[must_use]
    pub fn may_ask_for_invoice(&self) -> bool {
        let is_issued = self.invoice.as_ref().is_some_and(|invoice| invoice.issued_ms.is_some());
        self.is_own && self.kind == OrderKind::Goods && self.standing.may_ship() && !is_issued
    }

    /// Whether the shopper may confirm the receipt: all parcels are sent and not received, and the shop keeps the
    /// money.
    #[must_use]
    pub fn may_confirm_receipt(&self) -> bool {
        let waits = |shipment: &ShipmentRecord| shipment.is_complete && shipment.received_ms.is_none();
        self.is_own && self.standing.may_ship() && self.shipment.as_ref().is_some_and(waits)
    }

    /// Whether the shopper may change the address: the order is paid, and goes to an address, and nothing was sent.
    #[must_use]
    pub fn may_change_address(&self) -> bool {
        let has_address = self.delivery.as_ref().is_some_and(|delivery| !delivery.is_pickup());
        self.is_own && has_address && self.standing.may_ship() && self.shipment.is_none()
    }

    /// Whether its page offers the payment: it is unpaid, and the shopper has chosen how it is delivered.
    #[must_use]
    pub fn is_ready_to_pay(&self) -> bool {
        self.state.is_payable() && self.fulfilment != Fulfilment::NotChosen
    }

    /// The states of its payment, delivery and refund.
    #[must_use]
    pub fn progress(&self) -> OrderProgress {
        OrderProgress::of(ProgressFacts {
            kind: self.kind,
            state: self.state,
            standing: self.standing,
            is_shipped: self.shipment.is_some(),
            is_received: self.shipment.as_ref().is_some_and(|shipment| shipment.received_ms.is_some()),
            is_pickup: self.fulfilment.is_collected(self.shipment.as_ref()),
            has_pieces: self.has_pieces,
            wants_refund: self.wants_refund(),
            refunded: self.refunded,
            refunding: self.refunding,
        })
    }
}

/// The number of orders on a page of the shopper's list (我的订单).
pub const ORDERS_PAGE: usize = 20;

impl Orders {
    /// An order that this shopper placed, or opened by its link.
    ///
    /// # Errors
    /// [`ShopError::NotFound`] also for another shopper's order; or a failing database.
    pub async fn order(&self, shopper: &Shopper, id: &OrderId) -> Result<OrderDetail, ShopError> {
        let order = self.seen_order(shopper, id).await?;
        let items = self.store.items(id).await?;
        let is_own = order.shopper == *shopper;
        let delivery = self.store.delivery(id).await?;
        let fulfilment = Fulfilment::of(order.kind, order.state, delivery.as_ref());
        let reported = self.store.last_detail(id, EventKind::SheetReported).await?;
        let closed_ms = self.store.event_ms(id, EventKind::Closed).await?;
        let is_cancelled = order.state == OrderState::Closed && self.store.was_cancelled(id).await?;
        let paid = self.store.paid_by(&order).await?;
        let refunds = self.store.refunds_of(id).await?;
        let (shipment, after_sales) = if is_own {
            (self.store.shipment(id).await?, self.store.after_sales_of(id).await?)
        } else {
            (None, Vec::new())
        };
        let standing = standing(order.state, paid.as_ref());
        let invoice = if is_own { self.store.invoice(id).await? } else { None };
        Ok(OrderDetail {
            invoice,
            shipment,
            // only the shopper who placed the order sees where it goes
            delivery: delivery.filter(|_| is_own),
            fulfilment,
            is_own,
            closed_ms,
            is_cancelled,
            reported: reported.as_deref().and_then(SheetOutcome::of_word),
            transaction_id: paid.as_ref().and_then(|attempt| attempt.transaction_id.clone()),
            refunds: refunds
                .into_iter()
                .map(|refund| RefundLine {
                    wechat_fee: refund.wechat_fee(),
                    balance_fee: refund.balance_fee,
                    out_refund_no: refund.out_refund_no.to_string(),
                    state: refund.state,
                    refund_fee: refund.refund_fee,
                    changed_ms: refund.changed_ms,
                })
                .collect(),
            ..self.detail(order, standing, paid.as_ref(), items, after_sales)
        })
    }

    /// A page of a tab of the shopper's list, newest first. It begins after `before`.
    ///
    /// # Errors
    /// A failing database.
    pub async fn my_orders(
        &self,
        shopper: &Shopper,
        tab: OrderTab,
        before: Option<&OrderId>,
    ) -> Result<Vec<OrderDetail>, ShopError> {
        let orders = self.store.orders_of(shopper, tab, before, ORDERS_PAGE).await?;
        let detail = |ShopperOrder { order, paid_by, items, delivery, shipment, after_sales }| {
            let standing = standing(order.state, paid_by.as_ref());
            OrderDetail {
                fulfilment: Fulfilment::of(order.kind, order.state, delivery.as_ref()),
                delivery,
                shipment,
                ..self.detail(order, standing, paid_by.as_ref(), items, after_sales)
            }
        };
        Ok(orders.into_iter().map(detail).collect())
    }

    /// How many orders each tab of the shopper's list has.
    ///
    /// # Errors
    /// A failing database.
    pub async fn tab_counts(&self, shopper: &Shopper) -> Result<TabCounts, ShopError> {
        Ok(self.store.tab_counts(shopper).await?)
    }

    fn detail(
        &self,
        order: OrderRecord,
        standing: Standing,
        paid_by: Option<&AttemptRecord>,
        items: Vec<ItemRecord>,
        after_sales: Vec<AfterSaleRecord>,
    ) -> OrderDetail {
        let left = items.iter().map(|item| LineLeft::of(item, &after_sales)).collect();
        let page = self.miniprogram_pay_page.as_deref().filter(|_| !order.link_key.is_empty());
        let miniprogram_page = page.map(|page| format!("{page}?order={}&key={}", order.id, order.link_key));
        OrderDetail {
            has_pieces: has_pieces(&items, &after_sales),
            id: order.id,
            kind: order.kind,
            state: order.state,
            standing,
            fulfilment: Fulfilment::Nothing,
            refunded: paid_by.map_or(Fen::ZERO, |attempt| attempt.refunded),
            refunding: paid_by.map_or(Fen::ZERO, |attempt| attempt.refunding),
            total_fee: order.total_fee,
            freight_fee: order.freight_fee,
            reduction_fee: order.reduction_fee,
            balance_fee: order.balance_fee,
            created_ms: order.created_ms,
            expires_ms: order.expires_ms,
            paid_ms: order.paid_ms,
            delivery: None,
            closed_ms: None,
            is_cancelled: false,
            transaction_id: None,
            refunds: Vec::new(),
            shipment: None,
            after_sales,
            invoice: None,
            reported: None,
            link_key: order.link_key,
            is_own: true,
            miniprogram_page,
            left,
            lines: items
                .into_iter()
                .map(|item| OrderLine {
                    sku: item.sku,
                    name: item.name,
                    spec: item.spec,
                    picture: item.picture,
                    price: item.price,
                    quantity: item.quantity,
                })
                .collect(),
        }
    }
}
