//! Staff record the parcels of an order, and correct them.

use model::{
    OrderId,
    audit::AuditAction,
    delivery::MAX_PARCELS,
    event::{EventKind, EventSource},
    job::JobKind,
    message::MessageSubject,
    order::{OrderKind, Standing},
    record::{AttemptRecord, AuditRecord, OrderRecord, ParcelRecord, ShipmentRecord},
};
use store::{Command, EventEntry, NewMessage, ReadSet, UnitOfWork};

use super::{Shipping, request_report::request_report};
use crate::{
    Right, ShopError, Staff,
    orders::{has_pieces, standing},
    typed,
};

/// The maximum length of a carrier's name and of a tracking number, characters.
pub(super) const LONGEST: usize = 40;

/// The form for one parcel, as staff typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParcelForm {
    /// The number of the parcel in its order, from 1.
    pub position: i64,
    /// Whether it corrects a recorded parcel. Otherwise it is a new parcel.
    pub is_correction: bool,
    /// The carrier: a name, or its id at WeChat.
    pub carrier: String,
    /// The tracking number.
    pub tracking_no: String,
    /// Whether more parcels follow a new one.
    pub more_follow: bool,
}

impl ParcelForm {
    /// A form for the only parcel of an order.
    #[must_use]
    pub fn only(carrier: &str, tracking_no: &str) -> Self {
        Self {
            position: 1,
            carrier: carrier.to_owned(),
            tracking_no: tracking_no.to_owned(),
            ..Self::default()
        }
    }
}

impl Shipping {
    /// Records a parcel of a paid order, or corrects a parcel. If the order was paid in the mini program, the same
    /// commit plans the report to WeChat. The same parcel again changes nothing.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`]; [`ShopError::Invalid`] also for a carrier that WeChat does not know, if the order is
    /// to be reported; [`ShopError::Changed`] if another parcel has this position already, or the payment was booked
    /// during the call; [`ShopError::NotFound`]; [`ShopError::NotPaid`] also for a top-up and for an order whose money
    /// is refunded or being refunded completely; [`ShopError::RefundsUnknown`]; [`ShopError::WechatBusy`] if the
    /// carriers cannot be read; or a failing database.
    pub async fn ship(&self, staff: &Staff, id: &OrderId, form: &ParcelForm) -> Result<(), ShopError> {
        staff.check(Right::Ship)?;
        let (carrier, tracking_no) = check_parcel(&form.carrier, &form.tracking_no)?;
        if !(1..=MAX_PARCELS as i64).contains(&form.position) {
            return Err(ShopError::invalid(
                "包裹编号应为 1 到 15：一个订单最多 15 个包裹",
                "The number of a parcel is 1 to 15: an order has at most 15 parcels.",
            ));
        }
        let company = self.company_of(id, carrier).await?;
        self.record_parcel(staff, id, company, &ParcelForm { tracking_no, ..form.clone() }).await
    }

    /// Records a parcel with checked fields. The carrier is its id at WeChat (empty if the order is not reported) and
    /// its name.
    ///
    /// # Errors
    /// As [`Shipping::ship`].
    pub(super) async fn record_parcel(
        &self,
        staff: &Staff,
        id: &OrderId,
        (company_id, carrier): (String, String),
        form: &ParcelForm,
    ) -> Result<(), ShopError> {
        let parcel = ParcelRecord {
            order_id: id.clone(),
            position: form.position,
            carrier,
            company_id,
            tracking_no: form.tracking_no.clone(),
            who: staff.name.to_string(),
            shipped_ms: self.clock.now_ms(),
        };
        let action = if form.is_correction { AuditAction::CorrectParcel } else { AuditAction::Ship };
        let detail = format!("{id}, parcel {}: {} {}", parcel.position, parcel.carrier, parcel.tracking_no);
        let ship = Ship {
            parcel,
            is_correction: form.is_correction,
            more_follow: form.more_follow,
            managed_appid: self.managed_appid(),
            receipt_ms: self.receipt_ms,
            audit: self.audit.record(staff.name.as_str(), action, detail),
        };
        self.store.write(ship).await?
    }

    /// Records that all parcels of an order are sent: no further parcel follows.
    ///
    /// # Errors
    /// As [`Shipping::ship`].
    pub async fn finish(&self, staff: &Staff, id: &OrderId) -> Result<(), ShopError> {
        staff.check(Right::Ship)?;
        let finish = Finish {
            id: id.clone(),
            who: staff.name.to_string(),
            managed_appid: self.managed_appid(),
            now_ms: self.clock.now_ms(),
            audit: self.audit.record(
                staff.name.as_str(),
                AuditAction::Ship,
                format!("{id}: no parcel follows"),
            ),
        };
        self.store.write(finish).await?
    }

    /// The carrier's id at WeChat and its name. The id is empty for an order that is not reported to WeChat.
    async fn company_of(&self, id: &OrderId, carrier: String) -> Result<(String, String), ShopError> {
        let Some(order) = self.store.order(id).await? else { return Err(ShopError::NotFound) };
        let paid_by = self.store.paid_by(&order).await?;
        match (&self.miniprogram, paid_by) {
            (Some(program), Some(paid_by)) if program.account().appid() == paid_by.appid => {
                self.find_carrier(program, &carrier).await
            }
            _ => Ok((String::new(), carrier)),
        }
    }
}

/// Normalises and checks a typed carrier and tracking number.
pub(crate) fn check_parcel(carrier: &str, tracking_no: &str) -> Result<(String, String), ShopError> {
    let carrier = typed::line(carrier);
    let tracking_no: String = typed::number(tracking_no).chars().filter(|c| !c.is_whitespace()).collect();
    check(&carrier)?;
    check(&tracking_no)?;
    Ok((carrier, tracking_no))
}

fn check(text: &str) -> Result<(), ShopError> {
    if text.is_empty() || text.chars().count() > LONGEST || text.chars().any(char::is_control) {
        return Err(ShopError::invalid(
            "请填写快递公司和运单号，各不超过 40 个字",
            "Please enter the carrier and the tracking number, each at most 40 letters.",
        ));
    }
    Ok(())
}

/// The order and the attempt that paid it, if the order may be shipped.
pub(crate) fn shippable<'a>(
    unit: &'a UnitOfWork,
    id: &OrderId,
) -> Result<(&'a OrderRecord, Option<&'a AttemptRecord>), ShopError> {
    let order = unit.order(id).ok_or(ShopError::NotFound)?;
    let paid_by = order.paid_out_trade_no.as_ref().and_then(|number| unit.attempt(number));
    match standing(order.state, paid_by) {
        Standing::Unknown => Err(ShopError::RefundsUnknown),
        standing if order.kind != OrderKind::Goods || !standing.may_ship() => Err(ShopError::NotPaid),
        _ => Ok((order, paid_by)),
    }
}

/// Checks that an order has pieces to send.
pub(super) fn check_pieces(unit: &UnitOfWork, id: &OrderId) -> Result<(), ShopError> {
    if has_pieces(unit.items_of(id), unit.after_sales_of(id)) { Ok(()) } else { Err(ShopError::NotPaid) }
}

struct Ship {
    parcel: ParcelRecord,
    is_correction: bool,
    more_follow: bool,
    managed_appid: Option<String>,
    receipt_ms: i64,
    audit: AuditRecord,
}

impl Command for Ship {
    type Reply = Result<(), ShopError>;

    fn reads(&self, reads: &mut ReadSet) {
        reads.order_with_after_sales(&self.parcel.order_id);
    }

    fn apply(&self, unit: &mut UnitOfWork) -> Self::Reply {
        let new = &self.parcel;
        let id = &new.order_id;
        let (_, paid_by) = shippable(unit, id)?;
        let is_managed = paid_by.is_some_and(|attempt| Some(&attempt.appid) == self.managed_appid.as_ref());
        if is_managed && new.company_id.is_empty() {
            // the payment was booked after the shop looked up the carrier, and a report needs the carrier's id
            return Err(ShopError::Changed);
        }
        let known = unit.shipment(id).cloned();
        let is_first = known.is_none();
        if is_first {
            check_pieces(unit, id)?;
        }
        let mut shipment = known.unwrap_or_else(|| ShipmentRecord {
            order_id: id.clone(),
            who: new.who.clone(),
            shipped_ms: new.shipped_ms,
            is_complete: true,
            received_ms: None,
            parcels: Vec::new(),
        });
        let next = shipment.parcels.len() as i64 + 1;
        let what = match shipment.parcels.iter_mut().find(|parcel| parcel.position == new.position) {
            Some(parcel) if (&parcel.carrier, &parcel.tracking_no) == (&new.carrier, &new.tracking_no) => {
                return Ok(());
            }
            Some(parcel) if self.is_correction => {
                parcel.carrier.clone_from(&new.carrier);
                parcel.company_id.clone_from(&new.company_id);
                parcel.tracking_no.clone_from(&new.tracking_no);
                parcel.who.clone_from(&new.who);
                EventKind::ShipmentCorrected
            }
            // the shopper has collected the order, or the page was too old
            None if self.is_correction || new.position != next || (!is_first && next == 1) => {
                return Err(ShopError::Changed);
            }
            None => {
                shipment.parcels.push(new.clone());
                shipment.is_complete = !self.more_follow;
                if is_first { EventKind::Shipped } else { EventKind::ParcelAdded }
            }
            Some(_) => return Err(ShopError::Changed),
        };
        let note = EventEntry {
            at_ms: new.shipped_ms,
            source: EventSource::Merchant,
            kind: what,
            out_trade_no: None,
            detail: format!("{} {}, by {}", new.carrier, new.tracking_no, new.who),
        };
        unit.record_event(id, note);
        unit.set_shipment(shipment);
        unit.record_audit(self.audit.clone());
        if what != EventKind::ShipmentCorrected {
            unit.tell(&NewMessage {
                subject: MessageSubject::Shipped,
                order_id: id,
                about: &format!("{id}.{}", new.position),
                payment: None,
                now_ms: new.shipped_ms,
                due_ms: new.shipped_ms,
            });
        }
        if is_first {
            unit.enqueue(JobKind::Receipt, id, new.shipped_ms + self.receipt_ms);
        }
        request_report(unit, id, self.managed_appid.as_deref(), new.shipped_ms);
        Ok(())
    }
}

struct Finish {
    id: OrderId,
    who: String,
    managed_appid: Option<String>,
    now_ms: i64,
    audit: AuditRecord,
}

impl Command for Finish {
    type Reply = Result<(), ShopError>;

    fn reads(&self, reads: &mut ReadSet) {
        reads.order_with_after_sales(&self.id);
    }

    fn apply(&self, unit: &mut UnitOfWork) -> Self::Reply {
        shippable(unit, &self.id)?;
        let Some(shipment) = unit.shipment(&self.id).cloned() else { return Err(ShopError::NotShipped) };
        if shipment.is_complete {
            return Ok(());
        }
        let note = EventEntry {
            at_ms: self.now_ms,
            source: EventSource::Merchant,
            kind: EventKind::ParcelAdded,
            out_trade_no: None,
            detail: format!("no parcel follows, by {}", self.who),
        };
        unit.record_event(&self.id, note);
        unit.set_shipment(ShipmentRecord { is_complete: true, ..shipment });
        unit.record_audit(self.audit.clone());
        request_report(unit, &self.id, self.managed_appid.as_deref(), self.now_ms);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refunds::tests::paid;

    fn ship(company_id: &str) -> Ship {
        Ship {
            parcel: ParcelRecord {
                order_id: "202611210000000000000001".parse().unwrap(),
                position: 1,
                carrier: "顺丰速运".to_owned(),
                company_id: company_id.to_owned(),
                tracking_no: "SF1".to_owned(),
                who: "anna".to_owned(),
                shipped_ms: 1,
            },
            is_correction: false,
            more_follow: false,
            managed_appid: Some("wxProgram".to_owned()),
            receipt_ms: 1,
            audit: AuditRecord {
                id: String::new(),
                at_ms: 1,
                who: "anna".to_owned(),
                what: AuditAction::Ship,
                detail: String::new(),
            },
        }
    }

    #[test]
    fn a_payment_that_is_booked_while_staff_ship_needs_the_id_of_the_carrier() {
        let mut unit = paid(OrderKind::Goods, 0);
        let number = "20261121000000000000000101".parse().unwrap();
        unit.update_attempt(&number).unwrap().appid = "wxProgram".to_owned();
        let late = ship("");
        assert!(matches!(late.apply(&mut unit), Err(ShopError::Changed)));
        assert!(unit.shipment(&late.parcel.order_id).is_none());
        ship("SF").apply(&mut unit).unwrap();
        assert!(unit.delivery_report(&late.parcel.order_id).is_some());
        // an order that is not reported to WeChat needs no id
        let mut other = paid(OrderKind::Goods, 0);
        late.apply(&mut other).unwrap();
        assert!(other.delivery_report(&late.parcel.order_id).is_none());
    }
}
