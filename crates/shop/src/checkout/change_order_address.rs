//! A shopper, or staff for them, corrects the address of a paid order that the shop has not sent.

use model::{
    OrderId, Shopper,
    address::Recipient,
    event::{EventKind, EventSource},
    record::{AuditRecord, DeliveryRecord},
};
use store::{Command, EventEntry, ReadSet, UnitOfWork};

use super::check_recipient;
use crate::{Checkout, ShopError, shipping::shippable};

impl Checkout {
    /// Changes where a paid order goes, until the shop has sent the first parcel. The delivery cost is paid already, so the new
    /// address must cost the same. The same address again changes nothing. The shopper's next order proposes the new address.
    ///
    /// # Errors
    /// The first problem of the recipient; [`ShopError::NotFound`] also for an order that is collected; [`ShopError::Sent`];
    /// [`ShopError::OtherFreight`]; [`ShopError::NoDelivery`]; [`ShopError::NotPaid`] if the money went back;
    /// [`ShopError::RefundsUnknown`]; or a failing database.
    pub async fn change_order_address(
        &self,
        shopper: &Shopper,
        id: &OrderId,
        recipient: &Recipient,
    ) -> Result<(), ShopError> {
        let recipient = check_recipient(recipient)?;
        self.orders.own_order(shopper, id).await?;
        let known = self.store.delivery(id).await?.filter(|known| !known.is_pickup());
        let known = known.ok_or(ShopError::NotFound)?;
        if known.goes_to(&recipient) {
            return Ok(());
        }
        let new = DeliveryRecord::to_address(id.clone(), &recipient, known.note.clone());
        // the rules may have changed since the order was placed: both addresses are compared by those of today
        let lines = self.ordered_lines(id).await?;
        if self.freight_of(&lines, &new)? != self.freight_of(&lines, &known)? {
            return Err(ShopError::OtherFreight);
        }
        let now_ms = self.clock.now_ms();
        let row = DeliveryRecord { changed_ms: Some(now_ms), ..new };
        let change = ChangeOrderAddress { row, now_ms, source: EventSource::Shopper, audit: None };
        self.store.write(change).await??;
        // a mistake is corrected in the list of addresses, too, unless the list has the new address already
        let saved = self.addresses(shopper).await?;
        let wrong = saved.iter().find(|address| known.goes_to(&address.recipient));
        let Some(wrong) = wrong.filter(|_| saved.iter().all(|address| address.recipient != recipient)) else {
            return self.keep_address(shopper, &recipient).await;
        };
        match self.change_address(shopper, &wrong.id, recipient).await {
            // the shopper deleted it meanwhile, and the order still goes to the new address
            Err(ShopError::NotFound) => Ok(()),
            changed => changed,
        }
    }
}

/// Stores the new address of an order that the shop has not sent.
pub(crate) struct ChangeOrderAddress {
    pub(crate) row: DeliveryRecord,
    pub(crate) now_ms: i64,
    pub(crate) source: EventSource,
    /// The audit row of the staff member; `None` if the shopper changes it.
    pub(crate) audit: Option<AuditRecord>,
}

impl Command for ChangeOrderAddress {
    type Reply = Result<(), ShopError>;

    fn reads(&self, reads: &mut ReadSet) {
        reads.order_with_after_sales(&self.row.order_id);
    }

    fn apply(&self, unit: &mut UnitOfWork) -> Self::Reply {
        let id = &self.row.order_id;
        shippable(unit, id)?;
        if unit.shipment(id).is_some() {
            return Err(ShopError::Sent);
        }
        unit.set_delivery(self.row.clone());
        let note = EventEntry {
            at_ms: self.now_ms,
            source: self.source,
            kind: EventKind::DeliveryChosen,
            out_trade_no: None,
            // the recipient is personal data, and events are never deleted
            detail: "changed after the payment".to_owned(),
        };
        unit.record_event(id, note);
        if let Some(audit) = &self.audit {
            unit.record_audit(audit.clone());
        }
        Ok(())
    }
}
