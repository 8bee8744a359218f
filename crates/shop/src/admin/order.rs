//! The order page of the console: one order with everything that belongs to it.

use model::{
    Fen, OrderId, OutTradeNo,
    admin::DiscrepancyDetail,
    order::{DeliveryProgress, OrderKind, OrderProgress, ProgressFacts, Standing},
    record::{
        AfterSaleRecord, AttemptRecord, ComplaintRecord, DeliveryRecord, DeliveryReportRecord, EventRecord,
        InvoiceRecord, ItemRecord, MessageRecord, OrderRecord, RefundRecord, ShipmentRecord,
    },
};

use super::discrepancies::with_secrets_masked;
use crate::{
    Admin, Fulfilment, Right, ShopError, Staff,
    orders::{has_pieces, standing},
    refunds::{balance_part, refundable_payment},
};

/// An order with everything that belongs to it.
#[derive(Clone, Debug)]
pub struct AdminOrder {
    /// The order.
    pub order: OrderRecord,
    /// Its lines.
    pub items: Vec<ItemRecord>,
    /// Where it goes.
    pub delivery: Option<DeliveryRecord>,
    /// Its payment attempts, oldest first.
    pub attempts: Vec<AttemptRecord>,
    /// The `out_trade_no` and the request of each attempt, byte for byte.
    pub requests: Vec<(String, String)>,
    /// Its refunds, oldest first.
    pub refunds: Vec<RefundRecord>,
    /// Its events, oldest first.
    pub events: Vec<EventRecord>,
    /// Its shipment; `None` before the first parcel or the pickup.
    pub shipment: Option<ShipmentRecord>,
    /// Its delivery report; `None` if it was not paid in the mini program.
    pub report: Option<DeliveryReportRecord>,
    /// The shopper's after-sales, oldest first.
    pub after_sales: Vec<AfterSaleRecord>,
    /// The invoice that the shopper asked for.
    pub invoice: Option<InvoiceRecord>,
    /// Its discrepancies.
    pub discrepancies: Vec<DiscrepancyDetail>,
    /// The complaints about it.
    pub complaints: Vec<ComplaintRecord>,
    /// The messages about it to shoppers and staff, oldest first.
    pub messages: Vec<MessageRecord>,
}

impl AdminOrder {
    /// What can still be refunded of the payment that [`AdminOrder::payment`] chooses without a number.
    #[must_use]
    pub fn refundable(&self) -> Fen {
        self.payment(None).map_or(Fen::ZERO, AttemptRecord::refundable)
    }

    /// The attempt with this number. `None` as the number: the payment that a refund of the order is about.
    #[must_use]
    pub fn payment(&self, out_trade_no: Option<&OutTradeNo>) -> Option<&AttemptRecord> {
        let number = match out_trade_no {
            Some(number) => number.clone(),
            None => refundable_payment(&self.order, self.attempts.iter())?,
        };
        self.attempts.iter().find(|attempt| attempt.out_trade_no == number)
    }

    /// The payments that still have money to refund.
    pub fn refundable_payments(&self) -> impl Iterator<Item = &AttemptRecord> {
        self.attempts.iter().filter(|attempt| attempt.refundable() > Fen::ZERO)
    }

    /// Where its money is.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let paid_by = self.order.paid_out_trade_no.as_ref();
        standing(
            self.order.state,
            self.attempts.iter().find(|attempt| Some(&attempt.out_trade_no) == paid_by),
        )
    }

    /// The states of its payment, delivery and refund, as the shopper sees them.
    #[must_use]
    pub fn progress(&self) -> OrderProgress {
        let paid_by = self.order.paid_out_trade_no.as_ref();
        let paid = self.attempts.iter().find(|attempt| Some(&attempt.out_trade_no) == paid_by);
        let fulfilment = Fulfilment::of(self.order.kind, self.order.state, self.delivery.as_ref());
        OrderProgress::of(ProgressFacts {
            kind: self.order.kind,
            state: self.order.state,
            standing: self.standing(),
            is_shipped: self.shipment.is_some(),
            is_received: self.shipment.as_ref().is_some_and(|shipment| shipment.received_ms.is_some()),
            is_pickup: fulfilment.is_collected(self.shipment.as_ref()),
            has_pieces: has_pieces(&self.items, &self.after_sales),
            wants_refund: self.after_sales.iter().any(|one| one.state.waits_for_staff()),
            refunded: paid.map_or(Fen::ZERO, |attempt| attempt.refunded),
            refunding: paid.map_or(Fen::ZERO, |attempt| attempt.refunding),
        })
    }

    /// The part of a refund of `fee` that would return to the shopper's balance.
    #[must_use]
    pub fn balance_part(&self, payment: &AttemptRecord, fee: Fen) -> Fen {
        balance_part(self.refunds.iter(), payment, fee)
    }

    /// Whether a refund of `fee` can return the pieces to the stock: it refunds all that is left, and the order is not
    /// shipped.
    #[must_use]
    pub fn may_restock(&self, payment: &AttemptRecord, fee: Fen) -> bool {
        self.order.kind == OrderKind::Goods
            && self.shipment.is_none()
            && self.order.paid_out_trade_no.as_ref() == Some(&payment.out_trade_no)
            && fee == payment.refundable()
    }
}

impl Admin {
    /// An order for a staff member. Without the right [`Right::Read`], a staff member gets only orders that wait for
    /// the shop or are on their way.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`]; or as [`Admin::order`].
    pub async fn order_for(&self, staff: &Staff, id: &OrderId) -> Result<AdminOrder, ShopError> {
        staff.check(Right::OrdersToShip)?;
        let order = self.order(id).await?;
        let is_open = match order.progress().delivery {
            DeliveryProgress::ToShip | DeliveryProgress::ToCollect | DeliveryProgress::Shipped => true,
            DeliveryProgress::Nothing | DeliveryProgress::Received | DeliveryProgress::Collected => false,
        };
        if is_open || staff.role.may(Right::Read) { Ok(order) } else { Err(ShopError::NotAllowed) }
    }

    /// An order with everything that belongs to it.
    ///
    /// # Errors
    /// [`ShopError::NotFound`], or a failing database.
    pub async fn order(&self, id: &OrderId) -> Result<AdminOrder, ShopError> {
        let store = &self.store;
        let order = store.order(id).await?.ok_or(ShopError::NotFound)?;
        Ok(AdminOrder {
            order,
            items: store.items(id).await?,
            delivery: store.delivery(id).await?,
            attempts: store.attempts_of(id).await?,
            requests: store.requests_of(id).await?,
            refunds: store.refunds_of(id).await?,
            events: store.events(id).await?,
            shipment: store.shipment(id).await?,
            report: store.delivery_report(id).await?,
            after_sales: store.after_sales_of(id).await?,
            invoice: store.invoice(id).await?,
            discrepancies: with_secrets_masked(store.discrepancies_of(id).await?),
            complaints: store.complaints_of(id).await?,
            messages: store.messages_of(id).await?,
        })
    }
}
