//! Requests delivery reports: functions that plan the `delivery_report` job.

use model::{
    OrderId,
    audit::AuditAction,
    delivery::ReportState,
    job::JobKind,
    order::OrderKind,
    record::{AttemptRecord, AuditRecord, DeliveryReportRecord},
};
use store::{Command, ReadSet, UnitOfWork};

use super::{Shipping, ship::shippable};
use crate::{Right, ShopError, Staff};

impl Shipping {
    /// Reports a delivery again at the request of staff: after they removed the reason of a refusal, or for an order
    /// that was shipped before the shop reported deliveries.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`]; [`ShopError::NotShipped`] also for an order that was not paid in the mini program;
    /// and as [`Shipping::ship`].
    pub async fn report_again(&self, staff: &Staff, id: &OrderId) -> Result<(), ShopError> {
        staff.check(Right::Ship)?;
        let again = ReportAgain {
            id: id.clone(),
            managed_appid: self.managed_appid(),
            now_ms: self.clock.now_ms(),
            audit: self.audit.record(staff.name.as_str(), AuditAction::ReportDelivery, id.to_string()),
        };
        self.store.write(again).await?
    }
}

/// Adds the delivery report of an order that was just paid in the mini program. A top-up is reported at once, because
/// nothing is sent.
pub(crate) fn report_of_payment(
    unit: &mut UnitOfWork,
    attempt: &AttemptRecord,
    kind: OrderKind,
    paid_ms: i64,
    now_ms: i64,
) {
    let row =
        DeliveryReportRecord::of_payment(attempt.order_id.clone(), attempt.out_trade_no.clone(), paid_ms);
    match kind {
        OrderKind::Goods => unit.set_delivery_report(row),
        OrderKind::TopUp => enqueue(unit, row, now_ms),
    }
}

/// Requests the report of an order, if the order was paid in the mini program `managed_appid`. Returns whether it was.
pub(super) fn request_report(
    unit: &mut UnitOfWork,
    id: &OrderId,
    managed_appid: Option<&str>,
    now_ms: i64,
) -> bool {
    let known = unit.delivery_report(id).cloned();
    let row = known.or_else(|| {
        let order = unit.order(id)?;
        let paid_by = unit.attempt(order.paid_out_trade_no.as_ref()?)?;
        (Some(&*paid_by.appid) == managed_appid).then(|| {
            let paid_ms = order.paid_ms.unwrap_or(now_ms);
            DeliveryReportRecord::of_payment(id.clone(), paid_by.out_trade_no.clone(), paid_ms)
        })
    });
    let Some(row) = row else { return false };
    enqueue(unit, row, now_ms);
    true
}

/// Plans a job that reads WeChat's state of an order. Does nothing if the order was not paid in the mini program.
pub(crate) fn enqueue_state_query(unit: &mut UnitOfWork, id: &OrderId, now_ms: i64) {
    let Some(version) = unit.delivery_report(id).map(|report| report.version) else { return };
    unit.enqueue(JobKind::DeliveryReport, subject(id, version), now_ms);
}

/// Cancels the report of an order whose money was completely refunded, unless WeChat knows the delivery already.
pub(crate) fn drop_report(unit: &mut UnitOfWork, id: &OrderId, now_ms: i64) {
    let Some(mut row) = unit.delivery_report(id).cloned() else { return };
    if row.reported_ms.is_none() {
        row.state = ReportState::NotNeeded;
        row.changed_ms = now_ms;
        unit.set_delivery_report(row);
    }
}

/// Plans the report of a new version. Each version has its own job, so a job that runs now does not delete the job of a
/// newer version when it ends.
fn enqueue(unit: &mut UnitOfWork, mut row: DeliveryReportRecord, now_ms: i64) {
    row.version += 1;
    row.state = ReportState::Waiting;
    row.code.clear();
    row.message.clear();
    row.changed_ms = now_ms;
    unit.enqueue(JobKind::DeliveryReport, subject(&row.order_id, row.version), now_ms);
    unit.set_delivery_report(row);
}

/// The subject of the job that reports this version.
fn subject(id: &OrderId, version: i64) -> String {
    format!("{id}.{version}")
}

struct ReportAgain {
    id: OrderId,
    managed_appid: Option<String>,
    now_ms: i64,
    audit: AuditRecord,
}

impl Command for ReportAgain {
    type Reply = Result<(), ShopError>;

    fn reads(&self, reads: &mut ReadSet) {
        reads.order_with_after_sales(&self.id);
    }

    fn apply(&self, unit: &mut UnitOfWork) -> Self::Reply {
        shippable(unit, &self.id)?;
        let is_waiting =
            unit.delivery_report(&self.id).is_some_and(|report| report.state == ReportState::Waiting);
        if is_waiting {
            return Ok(());
        }
        let is_shipped = unit.shipment(&self.id).is_some();
        if !is_shipped || !request_report(unit, &self.id, self.managed_appid.as_deref(), self.now_ms) {
            return Err(ShopError::NotShipped);
        }
        unit.record_audit(self.audit.clone());
        Ok(())
    }
}
