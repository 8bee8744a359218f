//! One order with all that belongs to it.

use model::{
    Fen, OrderId, OutTradeNo,
    admin::DiscrepancyDetail,
    order::{OrderKind, Standing},
    record::{
        AttemptRecord, DeliveryRecord, EventRecord, ItemRecord, OrderRecord, RefundApplicationRecord,
        RefundRecord, ShipmentRecord,
    },
};

use super::discrepancies::with_secrets_masked;
use crate::{Shop, ShopError, checkout::standing, refunds::refundable_payment};

/// An order with all that belongs to it.
#[derive(Clone, Debug)]
pub struct AdminOrder {
    /// The order.
    pub order: OrderRecord,
    /// What was bought.
    pub items: Vec<ItemRecord>,
    /// Where it goes.
    pub delivery: Option<DeliveryRecord>,
    /// How it was to be paid.
    pub attempts: Vec<AttemptRecord>,
    /// What WeChat was asked for each of them: its number and the request, byte for byte.
    pub requests: Vec<(String, String)>,
    /// What was given back.
    pub refunds: Vec<RefundRecord>,
    /// What happened.
    pub events: Vec<EventRecord>,
    /// Who carries it.
    pub shipment: Option<ShipmentRecord>,
    /// What the shopper asks for.
    pub refund_application: Option<RefundApplicationRecord>,
    /// What does not fit.
    pub discrepancies: Vec<DiscrepancyDetail>,
}

impl AdminOrder {
    /// What can still be given back of the payment that a refund is about where none is named.
    #[must_use]
    pub fn refundable(&self) -> Fen {
        self.payment(None).map_or(Fen::ZERO, AttemptRecord::refundable)
    }

    /// The payment of this number, or the one that a refund is about where none is named.
    #[must_use]
    pub fn payment(&self, out_trade_no: Option<&OutTradeNo>) -> Option<&AttemptRecord> {
        let number = match out_trade_no {
            Some(number) => number.clone(),
            None => refundable_payment(&self.order, self.attempts.iter())?,
        };
        self.attempts.iter().find(|attempt| attempt.out_trade_no == number)
    }

    /// Every payment of which money can still be given back.
    pub fn refundable_payments(&self) -> impl Iterator<Item = &AttemptRecord> {
        self.attempts.iter().filter(|attempt| attempt.refundable() > Fen::ZERO)
    }

    /// Where its money stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let paid_by = self.order.paid_out_trade_no.as_ref();
        standing(
            self.order.state,
            self.attempts.iter().find(|attempt| Some(&attempt.out_trade_no) == paid_by),
        )
    }

    /// Whether the shop is asked, with a refund of all that is left, what becomes of the pieces: they are still here.
    #[must_use]
    pub fn may_restock(&self, payment: &AttemptRecord, fee: Fen) -> bool {
        self.order.kind == OrderKind::Goods
            && self.shipment.is_none()
            && self.order.paid_out_trade_no.as_ref() == Some(&payment.out_trade_no)
            && fee == payment.refundable()
    }
}

impl Shop {
    /// An order with all that belongs to it, whoever placed it.
    ///
    /// # Errors
    /// [`ShopError::NotFound`], or a failing database.
    pub async fn console_order(&self, id: &OrderId) -> Result<AdminOrder, ShopError> {
        let store = self.store();
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
            refund_application: store.refund_application(id).await?,
            discrepancies: with_secrets_masked(store.discrepancies_of(id).await?),
        })
    }
}
