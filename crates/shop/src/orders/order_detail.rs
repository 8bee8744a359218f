use model::{
    Fen, OrderId, Quantity, Shopper, TransactionId,
    event::EventKind,
    order::{OrderKind, OrderState, Standing},
    record::{
        AttemptRecord, DeliveryRecord, ItemRecord, OrderRecord, RefundApplicationRecord, ShipmentRecord,
    },
    refund::RefundState,
};

use super::standing;
use crate::{Orders, ShopError};

/// An order as its page shows it.
#[derive(Clone, Debug)]
pub struct OrderDetail {
    /// Its number.
    pub id: OrderId,
    /// Goods or a top-up.
    pub kind: OrderKind,
    /// Its state.
    pub state: OrderState,
    /// Where its money is; this includes refunds that have not ended.
    pub standing: Standing,
    /// The amount to pay.
    pub total_fee: Fen,
    /// When the shopper placed it, ms.
    pub created_ms: i64,
    /// The end of the time to pay, ms.
    pub expires_ms: i64,
    /// When it was paid, ms.
    pub paid_ms: Option<i64>,
    /// Its lines.
    pub lines: Vec<OrderLine>,
    /// Where it goes, if the shopper has chosen; `None` for a visitor who has only the order's link.
    pub delivery: Option<DeliveryRecord>,
    /// When it was closed, ms.
    pub closed_ms: Option<i64>,
    /// WeChat's number of the payment.
    pub transaction_id: Option<TransactionId>,
    /// Its refunds, oldest first.
    pub refunds: Vec<RefundLine>,
    /// Its shipment.
    pub shipment: Option<ShipmentRecord>,
    /// The refund application, with the shop's answer.
    pub refund_application: Option<RefundApplicationRecord>,
    /// The secret part of its link; empty if it has none.
    link_key: String,
    /// Whether this shopper placed it and may cancel it or apply for a refund.
    pub is_own: bool,
    /// The page of the mini program that pays it, if a mini program is configured.
    pub miniprogram_page: Option<String>,
}

/// A line of an order.
#[derive(Clone, Debug)]
pub struct OrderLine {
    /// What.
    pub name: String,
    /// The specification's name; may be empty.
    pub spec: String,
    /// Its picture.
    pub picture: String,
    /// The price of a piece.
    pub price: Fen,
    /// How many.
    pub quantity: Quantity,
}

/// A refund, as the shopper sees it.
#[derive(Clone, Debug)]
pub struct RefundLine {
    /// Its state.
    pub state: RefundState,
    /// The amount.
    pub refund_fee: Fen,
    /// When its state last changed, ms.
    pub changed_ms: i64,
}

impl OrderDetail {
    /// The path of its link: a person with this link can see and pay the order. Only the shopper who placed it gets the link.
    #[must_use]
    pub fn link(&self) -> Option<String> {
        let linked = self.is_own && !self.link_key.is_empty();
        linked.then(|| format!("/orders/{}/link/{}", self.id, self.link_key))
    }

    /// Whether the shopper may apply for a refund: the order was paid, money is left, and no application is open.
    #[must_use]
    pub fn may_ask_for_refund(&self) -> bool {
        let open = self.refund_application.as_ref().is_some_and(|asked| asked.state.is_waiting());
        let back = matches!(self.state, OrderState::Paid | OrderState::PartlyRefunded);
        let ended = [RefundState::Success, RefundState::Closed];
        let pending = self.refunds.iter().any(|refund| !ended.contains(&refund.state));
        self.is_own && back && !open && !pending
    }

    /// Whether the shopper collects the goods. Only the shopper who placed the order sees where it goes.
    #[must_use]
    pub fn is_pickup(&self) -> bool {
        let has_address = self.delivery.as_ref().is_some_and(|delivery| !delivery.address.is_empty());
        self.is_own && self.kind == OrderKind::Goods && !has_address
    }

    /// The amount of the refunds that succeeded.
    #[must_use]
    pub fn refunded(&self) -> Fen {
        let back = self.refunds.iter().filter(|refund| refund.state == RefundState::Success);
        Fen(back.map(|refund| refund.refund_fee.0).sum())
    }
}

/// The number of orders on a page of 我的订单.
pub const ORDERS_PAGE: usize = 20;

impl Orders {
    /// An order of this shopper, or an order that this shopper has opened by its link.
    ///
    /// # Errors
    /// [`ShopError::NotFound`] also for another shopper's order.
    pub async fn order(&self, shopper: &Shopper, id: &OrderId) -> Result<OrderDetail, ShopError> {
        let order = self.seen_order(shopper, id).await?;
        let items = self.store.items(id).await?;
        let is_own = order.shopper == *shopper;
        let delivery = if is_own { self.store.delivery(id).await? } else { None };
        let closed_ms = self.store.event_ms(id, EventKind::Closed).await?;
        let paid_by = order.paid_out_trade_no.clone();
        let paid = match paid_by {
            Some(number) => self.store.attempt(&number).await?,
            None => None,
        };
        let refunds = self.store.refunds_of(id).await?;
        let (shipment, refund_application) = if is_own {
            (self.store.shipment(id).await?, self.store.refund_application(id).await?)
        } else {
            (None, None)
        };
        let standing = standing(order.state, paid.as_ref());
        Ok(OrderDetail {
            shipment,
            refund_application,
            delivery,
            is_own,
            closed_ms,
            transaction_id: paid.and_then(|attempt| attempt.transaction_id),
            refunds: refunds
                .into_iter()
                .map(|refund| RefundLine {
                    state: refund.state,
                    refund_fee: refund.refund_fee,
                    changed_ms: refund.changed_ms,
                })
                .collect(),
            ..self.detail(order, standing, items)
        })
    }

    /// A page of the shopper's orders, newest first; it begins after `before`.
    ///
    /// # Errors
    /// A failing database.
    pub async fn my_orders(
        &self,
        shopper: &Shopper,
        before: Option<&OrderId>,
    ) -> Result<Vec<OrderDetail>, ShopError> {
        let orders = self.store.orders_of(shopper, before, ORDERS_PAGE).await?;
        let detail = |(order, paid_by, items): (OrderRecord, Option<AttemptRecord>, Vec<ItemRecord>)| {
            let standing = standing(order.state, paid_by.as_ref());
            self.detail(order, standing, items)
        };
        Ok(orders.into_iter().map(detail).collect())
    }

    fn detail(&self, order: OrderRecord, standing: Standing, items: Vec<ItemRecord>) -> OrderDetail {
        let page = self.miniprogram_pay_page.as_deref().filter(|_| !order.link_key.is_empty());
        let miniprogram_page = page.map(|page| format!("{page}?order={}&key={}", order.id, order.link_key));
        OrderDetail {
            id: order.id,
            kind: order.kind,
            state: order.state,
            standing,
            total_fee: order.total_fee,
            created_ms: order.created_ms,
            expires_ms: order.expires_ms,
            paid_ms: order.paid_ms,
            delivery: None,
            closed_ms: None,
            transaction_id: None,
            refunds: Vec::new(),
            shipment: None,
            refund_application: None,
            link_key: order.link_key,
            is_own: true,
            miniprogram_page,
            lines: items
                .into_iter()
                .map(|item| OrderLine {
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
