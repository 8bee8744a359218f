//! Changes the after-sales of an order when a refund of the order is created or ends. The commands of `refunds/` call
//! these functions.

use model::{
    AfterSaleId, OrderId, OutRefundNo,
    after_sale::{AfterSaleEvent, AfterSaleState, transition},
};
use store::UnitOfWork;

/// A refund succeeded.
pub(crate) fn refund_succeeded(unit: &mut UnitOfWork, order: &OrderId, number: &OutRefundNo) {
    move_refunded(unit, order, number, AfterSaleEvent::RefundSucceeded);
}

/// WeChat closed a refund.
pub(crate) fn refund_closed(unit: &mut UnitOfWork, order: &OrderId, number: &OutRefundNo) {
    move_refunded(unit, order, number, AfterSaleEvent::RefundClosed);
}

/// Staff created a refund on the order's page. It replaces the closed refund of a failed after-sale.
pub(crate) fn refund_created_instead(unit: &mut UnitOfWork, order: &OrderId, number: &OutRefundNo) {
    let failed = unit.after_sales_of(order).find(|one| one.state == AfterSaleState::Failed);
    let Some(id) = failed.map(|one| one.id.clone()) else { return };
    apply(unit, &id, AfterSaleEvent::RefundCreated);
    if let Some(row) = unit.update_after_sale(&id) {
        row.out_refund_no = number.to_string();
    }
}

/// All money of the order is refunded, so the open after-sales have nothing left to refund.
pub(crate) fn all_refunded(unit: &mut UnitOfWork, order: &OrderId) {
    let open: Vec<AfterSaleId> =
        unit.after_sales_of(order).filter(|one| one.state.is_open()).map(|one| one.id.clone()).collect();
    for id in open {
        apply(unit, &id, AfterSaleEvent::AllRefunded);
    }
}

fn move_refunded(unit: &mut UnitOfWork, order: &OrderId, number: &OutRefundNo, event: AfterSaleEvent) {
    let of_refund = unit.after_sales_of(order).find(|one| one.out_refund_no == number.as_str());
    if let Some(id) = of_refund.map(|one| one.id.clone()) {
        apply(unit, &id, event);
    }
}

fn apply(unit: &mut UnitOfWork, id: &AfterSaleId, event: AfterSaleEvent) {
    let Some(row) = unit.after_sale(id) else { return };
    // an event that the state does not allow changes nothing: staff may have declined meanwhile
    let Ok(next) = transition(row.state, event) else { return };
    if let Some(row) = unit.update_after_sale(id) {
        row.state = next;
        row.due_ms = None;
    }
}
