//! Staff hand an order over to the shopper who collects it (a pickup).

use model::{
    OrderId,
    audit::AuditAction,
    event::{EventKind, EventSource},
    record::{AuditRecord, ShipmentRecord},
};
use store::{Command, EventEntry, ReadSet, UnitOfWork};

use super::{
    Shipping,
    confirm_receipt::receive,
    request_report::request_report,
    ship::{check_pieces, shippable},
};
use crate::{Right, ShopError, Staff};

impl Shipping {
    /// Records the pickup of a paid order: it is shipped and received at once. A second call changes nothing.
    ///
    /// # Errors
    /// As [`Shipping::ship`]; [`ShopError::Changed`] if the order has parcels.
    pub async fn hand_over(&self, staff: &Staff, id: &OrderId) -> Result<(), ShopError> {
        staff.check(Right::Ship)?;
        let hand_over = HandOver {
            id: id.clone(),
            who: staff.name.to_string(),
            managed_appid: self.managed_appid(),
            now_ms: self.clock.now_ms(),
            audit: self.audit.record(staff.name.as_str(), AuditAction::HandOver, id.to_string()),
        };
        self.store.write(hand_over).await?
    }
}

struct HandOver {
    id: OrderId,
    who: String,
    managed_appid: Option<String>,
    now_ms: i64,
    audit: AuditRecord,
}

impl Command for HandOver {
    type Reply = Result<(), ShopError>;

    fn reads(&self, reads: &mut ReadSet) {
        reads.order_with_after_sales(&self.id);
    }

    fn apply(&self, unit: &mut UnitOfWork) -> Self::Reply {
        shippable(unit, &self.id)?;
        match unit.shipment(&self.id) {
            Some(shipment) if shipment.parcels.is_empty() => return Ok(()),
            Some(_) => return Err(ShopError::Changed),
            None => check_pieces(unit, &self.id)?,
        }
        let note = EventEntry {
            at_ms: self.now_ms,
            source: EventSource::Merchant,
            kind: EventKind::Shipped,
            out_trade_no: None,
            detail: format!("collected by the shopper, handed over by {}", self.who),
        };
        unit.record_event(&self.id, note);
        unit.set_shipment(ShipmentRecord {
            order_id: self.id.clone(),
            who: self.who.clone(),
            shipped_ms: self.now_ms,
            is_complete: true,
            received_ms: None,
            parcels: Vec::new(),
        });
        receive(unit, &self.id, EventSource::Merchant, self.now_ms);
        unit.record_audit(self.audit.clone());
        request_report(unit, &self.id, self.managed_appid.as_deref(), self.now_ms);
        Ok(())
    }
}
