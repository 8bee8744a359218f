use std::time::Duration;

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
use crate::{Shop, ShopError};

/// An order as its page shows it.
#[derive(Clone, Debug)]
pub struct OrderDetail {
    /// Its number.
    pub id: OrderId,
    /// What it is for.
    pub kind: OrderKind,
    /// Where it stands.
    pub state: OrderState,
    /// Where its money stands, refunds under way included.
    pub standing: Standing,
    /// What it costs.
    pub total_fee: Fen,
    /// When it was placed, ms.
    pub created_ms: i64,
    /// Until when it can be paid, ms.
    pub expires_ms: i64,
    /// When it was paid, ms.
    pub paid_ms: Option<i64>,
    /// What was bought.
    pub lines: Vec<OrderLine>,
    /// Where it goes, where that was said; nothing of it for a visitor who has only the order's link.
    pub delivery: Option<DeliveryRecord>,
    /// When it was closed, ms.
    pub closed_ms: Option<i64>,
    /// WeChat's number of the payment.
    pub transaction_id: Option<TransactionId>,
    /// What was given back, or is about to be, oldest first.
    pub refunds: Vec<RefundLine>,
    /// That it was handed to a carrier.
    pub shipment: Option<ShipmentRecord>,
    /// That the shopper has asked for money back, and what the shop said.
    pub refund_application: Option<RefundApplicationRecord>,
    /// What its link carries; empty where it has none.
    link_key: String,
    /// Whether the shopper has placed it, and may cancel it or ask for money back.
    pub is_own: bool,
    /// The page of the mini program that pays it, where there is a mini program.
    pub miniprogram_page: Option<String>,
}

/// A line of it.
#[derive(Clone, Debug)]
pub struct OrderLine {
    /// What.
    pub name: String,
    /// In which form; may be empty.
    pub spec: String,
    /// Its picture.
    pub picture: String,
    /// What a piece cost.
    pub price: Fen,
    /// How many.
    pub quantity: Quantity,
}

/// A refund, as the shopper sees it.
#[derive(Clone, Debug)]
pub struct RefundLine {
    /// How far it is.
    pub state: RefundState,
    /// How much.
    pub refund_fee: Fen,
    /// When it last moved, ms.
    pub changed_ms: i64,
}

impl OrderDetail {
    /// The path of its link: who has it may see the order and pay it. Only the shopper who placed it is told.
    #[must_use]
    pub fn link(&self) -> Option<String> {
        let linked = self.is_own && !self.link_key.is_empty();
        linked.then(|| format!("/orders/{}/link/{}", self.id, self.link_key))
    }

    /// Whether the shopper may ask for money back: it was paid, not all of it is back, and no question is open.
    #[must_use]
    pub fn may_ask_for_refund(&self) -> bool {
        let open = self.refund_application.as_ref().is_some_and(|asked| asked.state.is_waiting());
        let back = matches!(self.state, OrderState::Paid | OrderState::PartlyRefunded);
        let ended = [RefundState::Success, RefundState::Closed];
        let pending = self.refunds.iter().any(|refund| !ended.contains(&refund.state));
        self.is_own && back && !open && !pending
    }

    /// What has been given back.
    #[must_use]
    pub fn refunded(&self) -> Fen {
        let back = self.refunds.iter().filter(|refund| refund.state == RefundState::Success);
        Fen(back.map(|refund| refund.refund_fee.0).sum())
    }
}

/// How long a page waits for WeChat.
const ASK_WITHIN: Duration = Duration::from_secs(2);

/// Orders on a page of "my orders".
pub const ORDERS_PAGE: usize = 20;

impl Shop {
    /// One of the shopper's own orders, or one that they have opened by its link.
    ///
    /// # Errors
    /// [`ShopError::NotFound`] also where the order is somebody else's.
    pub async fn order(&self, shopper: &Shopper, id: &OrderId) -> Result<OrderDetail, ShopError> {
        let order = self.seen_order(shopper, id).await?;
        let items = self.store().items(id).await?;
        let is_own = order.shopper == *shopper;
        let delivery = if is_own { self.store().delivery(id).await? } else { None };
        let closed_ms = self.store().event_ms(id, EventKind::Closed).await?;
        let paid_by = order.paid_out_trade_no.clone();
        let paid = match paid_by {
            Some(number) => self.store().attempt(&number).await?,
            None => None,
        };
        let refunds = self.store().refunds_of(id).await?;
        let (shipment, refund_application) = if is_own {
            (self.shipment(id).await?, self.refund_application(id).await?)
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

    /// The same, after WeChat was asked about an unpaid one; WeChat being slow does not keep the page.
    ///
    /// # Errors
    /// As [`Shop::order`].
    pub async fn order_now(&self, shopper: &Shopper, id: &OrderId) -> Result<OrderDetail, ShopError> {
        if let Ok(asked) = tokio::time::timeout(ASK_WITHIN, self.order_status(shopper, id, true)).await {
            asked?;
        }
        self.order(shopper, id).await
    }

    /// The shopper's orders, newest first, a page of twenty that begins behind `before`.
    ///
    /// # Errors
    /// A failing database.
    pub async fn my_orders(
        &self,
        shopper: &Shopper,
        before: Option<&OrderId>,
    ) -> Result<Vec<OrderDetail>, ShopError> {
        let orders = self.store().orders_of(shopper, before, ORDERS_PAGE).await?;
        let detail = |(order, paid_by, items): (OrderRecord, Option<AttemptRecord>, Vec<ItemRecord>)| {
            let standing = standing(order.state, paid_by.as_ref());
            self.detail(order, standing, items)
        };
        Ok(orders.into_iter().map(detail).collect())
    }

    pub(crate) async fn own_order(&self, shopper: &Shopper, id: &OrderId) -> Result<OrderRecord, ShopError> {
        let order = self.store().order(id).await?.ok_or(ShopError::NotFound)?;
        if order.shopper == *shopper { Ok(order) } else { Err(ShopError::NotFound) }
    }

    /// The shopper's order, or one that they have opened by its link: it can be seen and paid.
    pub(crate) async fn seen_order(&self, shopper: &Shopper, id: &OrderId) -> Result<OrderRecord, ShopError> {
        let order = self.store().order(id).await?.ok_or(ShopError::NotFound)?;
        if order.shopper == *shopper || self.store().has_visited(id, shopper).await? {
            Ok(order)
        } else {
            Err(ShopError::NotFound)
        }
    }

    fn detail(&self, order: OrderRecord, standing: Standing, items: Vec<ItemRecord>) -> OrderDetail {
        let page = self.settings().miniprogram_pay_page.as_deref().filter(|_| !order.link_key.is_empty());
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
