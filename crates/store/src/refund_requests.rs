//! Copies refund applications of the previous version (table `refund_requests`) to the after-sales. An application was
//! about everything that was left of an order.

use crate::{StoreError, driver::Connection};

/// Copies the applications that have no after-sale yet. Each start does it, because a server of the previous version
/// may still write applications. Remove this file with the table `refund_requests`.
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
