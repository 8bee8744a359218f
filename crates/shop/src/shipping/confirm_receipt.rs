//! The receipt of an order (确认收货): the shopper confirms it, WeChat reports it, or the time limit is over.

use model::{
    OpenId, OrderId, Shopper,
    event::{EventKind, EventSource},
    record::ShipmentRecord,
};
use store::{Command, EventEntry, ReadSet, UnitOfWork};

use super::Shipping;
use crate::{ShopError, clock::DAY_MS};

impl Shipping {
    /// Confirms the receipt of the shopper's own order. A second call changes nothing.
    ///
    /// # Errors
    /// [`ShopError::NotFound`]; [`ShopError::NotShipped`] also if not all parcels are sent; or a failing database.
    pub async fn confirm_receipt(&self, shopper: &Shopper, id: &OrderId) -> Result<(), ShopError> {
        self.orders.own_order(shopper, id).await?;
        let confirm =
            ConfirmReceipt { id: id.clone(), who: EventSource::Shopper, now_ms: self.clock.now_ms() };
        self.store.write(confirm).await?
    }

    /// Confirms the receipt in the mini program, for the shopper or the payer with this openid. If WeChat manages the
    /// order, the shop asks WeChat and uses its state. Returns whether the order is received.
    ///
    /// # Errors
    /// As [`Shipping::confirm_receipt`]; [`ShopError::WechatBusy`] if WeChat does not answer.
    pub async fn confirm_receipt_in_miniprogram(
        &self,
        shopper: &Shopper,
        openid: &OpenId,
        id: &OrderId,
    ) -> Result<bool, ShopError> {
        let order = self.store.order(id).await?.ok_or(ShopError::NotFound)?;
        let paid_by = self.store.paid_by(&order).await?;
        let is_payer = paid_by.as_ref().is_some_and(|attempt| attempt.openid.as_ref() == Some(openid));
        if order.shopper != *shopper && !is_payer {
            return Err(ShopError::NotFound);
        }
        let shipment = self.store.shipment(id).await?.ok_or(ShopError::NotShipped)?;
        if shipment.received_ms.is_some() {
            return Ok(true);
        }
        if let Some(report) = self.store.delivery_report(id).await?
            && let Some(paid_by) = paid_by
        {
            return Ok(self.refresh(&report, &paid_by).await?.is_received());
        }
        let confirm =
            ConfirmReceipt { id: id.clone(), who: EventSource::Shopper, now_ms: self.clock.now_ms() };
        self.store.write(confirm).await?.map(|()| true)
    }

    /// Marks an order as received if its time limit is over. Returns when to look again, ms; `None` if nothing is left
    /// to do.
    ///
    /// # Errors
    /// A failing database.
    pub(crate) async fn receive_when_due(&self, id: &OrderId) -> Result<Option<i64>, ShopError> {
        let shipment = self.store.shipment(id).await?.filter(|shipment| shipment.received_ms.is_none());
        let Some(shipment) = shipment else { return Ok(None) };
        let now_ms = self.clock.now_ms();
        let due_ms = shipment.last_shipped_ms() + self.receipt_ms;
        if now_ms < due_ms {
            return Ok(Some(due_ms));
        }
        // the time limit begins with the last parcel
        if !shipment.is_complete {
            return Ok(Some(now_ms + DAY_MS));
        }
        let confirm = ConfirmReceipt { id: id.clone(), who: EventSource::Clock, now_ms };
        self.store.write(confirm).await?.map(|()| None)
    }
}

struct ConfirmReceipt {
    id: OrderId,
    who: EventSource,
    now_ms: i64,
}

impl Command for ConfirmReceipt {
    type Reply = Result<(), ShopError>;

    fn reads(&self, reads: &mut ReadSet) {
        reads.order_with_after_sales(&self.id);
    }

    fn apply(&self, unit: &mut UnitOfWork) -> Self::Reply {
        match unit.shipment(&self.id) {
            Some(shipment) if shipment.is_complete => {
                receive(unit, &self.id, self.who, self.now_ms);
                Ok(())
            }
            _ => Err(ShopError::NotShipped),
        }
    }
}

/// Records the receipt of a shipped order. Does nothing if it is received already, or not shipped.
pub(crate) fn receive(unit: &mut UnitOfWork, id: &OrderId, who: EventSource, now_ms: i64) {
    let shipment = unit.shipment(id).filter(|shipment| shipment.received_ms.is_none()).cloned();
    let Some(shipment) = shipment else { return };
    unit.set_shipment(ShipmentRecord { received_ms: Some(now_ms), ..shipment });
    let note = EventEntry {
        at_ms: now_ms,
        source: who,
        kind: EventKind::Received,
        out_trade_no: None,
        detail: String::new(),
    };
    unit.record_event(id, note);
}
