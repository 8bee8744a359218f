//! Shipments: recorded by staff, seen by the shopper.

use std::sync::Arc;

use model::{
    OrderId,
    audit::AuditAction,
    event::{EventKind, EventSource},
    message::MessageSubject,
    order::{OrderKind, Standing},
    record::{AuditRecord, ShipmentRecord},
};
use store::{Command, EventEntry, News, ReadSet, Store, UnitOfWork};

use crate::{Clock, Right, ShopError, Staff, audit::Audit, orders::standing, shop::Parts, typed};

/// What is stored when a shopper has collected an order: the carrier and the tracking number.
pub const COLLECTED: (&str, &str) = ("到店自取", "已取货");

/// The largest length of a carrier's name and of a tracking number, characters.
const LONGEST: usize = 40;

/// Shipments of paid orders.
#[derive(Clone)]
pub struct Shipping {
    store: Store,
    clock: Arc<dyn Clock>,
    audit: Audit,
}

impl Shipping {
    pub(crate) fn new(parts: &Parts) -> Self {
        Self { store: parts.store.clone(), clock: Arc::clone(&parts.clock), audit: parts.audit.clone() }
    }

    /// Records that a paid order was shipped. A second call corrects carrier and tracking number.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], [`ShopError::Invalid`], [`ShopError::NotFound`], [`ShopError::NotPaid`] also for a top-up and
    /// for an order whose whole money went back or is going back, [`ShopError::RefundsUnknown`], or a failing database.
    pub async fn ship(
        &self,
        staff: &Staff,
        id: &OrderId,
        carrier: &str,
        tracking_no: &str,
    ) -> Result<(), ShopError> {
        staff.check(Right::Ship)?;
        let (carrier, tracking_no) = (words(carrier)?, words(tracking_no)?);
        let now_ms = self.clock.now_ms();
        let shipment = ShipmentRecord {
            order_id: id.clone(),
            carrier,
            tracking_no,
            who: staff.name.to_string(),
            shipped_ms: now_ms,
        };
        let detail = format!("{id}: {} {}", shipment.carrier, shipment.tracking_no);
        let audit = self.audit.record(staff.name.as_str(), AuditAction::Ship, detail);
        self.store.write(Ship { shipment, audit }).await?
    }

    /// The shipment of an order; `None` before it was shipped.
    ///
    /// # Errors
    /// A failing database.
    pub async fn shipment(&self, id: &OrderId) -> Result<Option<ShipmentRecord>, ShopError> {
        Ok(self.store.shipment(id).await?)
    }
}

fn words(text: &str) -> Result<String, ShopError> {
    let text = typed::line(text);
    if text.is_empty() || text.chars().count() > LONGEST || text.chars().any(char::is_control) {
        return Err(ShopError::invalid(
            "请填写快递公司和运单号，各不超过 40 个字",
            "Please enter the carrier and the tracking number, each at most 40 letters.",
        ));
    }
    Ok(text)
}

struct Ship {
    shipment: ShipmentRecord,
    audit: AuditRecord,
}

impl Command for Ship {
    type Reply = Result<(), ShopError>;

    fn reads(&self, reads: &mut ReadSet) {
        reads.after_sale(&self.shipment.order_id);
    }

    fn apply(&self, unit: &mut UnitOfWork) -> Self::Reply {
        let id = &self.shipment.order_id;
        let order = unit.order(id).ok_or(ShopError::NotFound)?;
        let paid_by = order.paid_out_trade_no.as_ref().and_then(|number| unit.attempt(number));
        match standing(order.state, paid_by) {
            Standing::Unknown => return Err(ShopError::RefundsUnknown),
            standing if order.kind != OrderKind::Goods || !standing.may_ship() => {
                return Err(ShopError::NotPaid);
            }
            _ => {}
        }
        let is_new = unit.shipment(id).is_none();
        let what = if is_new { EventKind::Shipped } else { EventKind::ShipmentCorrected };
        let detail =
            format!("{} {}, by {}", self.shipment.carrier, self.shipment.tracking_no, self.shipment.who);
        let note = EventEntry {
            at_ms: self.shipment.shipped_ms,
            who: EventSource::Merchant,
            what,
            out_trade_no: None,
            detail,
        };
        unit.record_event(id, note);
        unit.set_shipment(self.shipment.clone());
        unit.record_audit(self.audit.clone());
        // a shopper who collected the goods need not be told
        let is_parcel = (self.shipment.carrier.as_str(), self.shipment.tracking_no.as_str()) != COLLECTED;
        if is_new && is_parcel {
            unit.tell(&News {
                subject: MessageSubject::Shipped,
                order_id: id,
                about: id.as_str(),
                payment: None,
                now_ms: self.shipment.shipped_ms,
                due_ms: self.shipment.shipped_ms,
            });
        }
        Ok(())
    }
}
