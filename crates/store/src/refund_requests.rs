//! Refund applications that the version before wrote: an order had one, about everything that was left.

use crate::{StoreError, driver::Connection};

/// Copies the applications that are not among the after-sales yet. The version before may still serve while this version starts, so
/// each start does it. The migration that removes `refund_requests` removes this file.
pub(crate) async fn copy(connection: &mut Connection) -> Result<(), StoreError> {
    let sql = "INSERT INTO after_sales (id, order_id, kind, state, fee, reason, asked_ms, answer, who, answered_ms, out_refund_no) \
               SELECT r.order_id || 'S1', r.order_id, 'refund', \
               CASE WHEN r.state = 'open' THEN 'requested' WHEN r.state <> 'granted' THEN r.state \
               WHEN f.state IN ('requested', 'processing', 'abnormal') THEN 'refunding' ELSE 'refunded' END, \
               COALESCE(f.refund_fee, p.total_fee - p.refunded - p.refunding, 0), \
               r.reason, r.asked_ms, r.answer, r.who, r.answered_ms, r.out_refund_no FROM refund_requests r \
               JOIN orders o ON o.id = r.order_id \
               LEFT JOIN refunds f ON f.out_refund_no = r.out_refund_no AND r.out_refund_no <> '' \
               LEFT JOIN attempts p ON p.out_trade_no = o.paid_out_trade_no \
               WHERE NOT EXISTS (SELECT 1 FROM after_sales a WHERE a.order_id = r.order_id)";
    connection.execute("copying refund applications", sql, Vec::new()).await.map(drop)
}
