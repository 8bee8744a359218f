//! Reads the movements of money for accounting, one page at a time, so that a year needs little memory.

use model::{Fen, figures::MoneyMove};

use crate::{Store, StoreError, driver::Row, rows};

/// Three statements for the movements from `from_ms` on and before `to_ms`: payments at WeChat, refunds by WeChat,
/// changes of balances. Each statement uses an index on its time.
fn movements(from_ms: i64, to_ms: i64) -> [String; 3] {
    let during = |column: &str| format!("{column} >= {from_ms} AND {column} < {to_ms}");
    [
        format!(
            "SELECT a.paid_ms AS at_ms, 'a' || a.out_trade_no AS sort_key, \
             CASE WHEN o.kind = 'top_up' THEN 'top_up_payment' ELSE 'payment' END AS kind, a.order_id AS order_id, \
             a.out_trade_no AS out_trade_no, '' AS out_refund_no, COALESCE(a.transaction_id, '') AS transaction_id, \
             '' AS refund_id, a.total_fee - a.balance_fee AS wechat, CAST(0 AS BIGINT) AS balance \
             FROM attempts a JOIN orders o ON o.id = a.order_id \
             WHERE {} AND a.total_fee > a.balance_fee",
            during("a.paid_ms")
        ),
        format!(
            "SELECT r.changed_ms AS at_ms, 'r' || r.out_refund_no AS sort_key, 'wechat_refund' AS kind, \
             r.order_id AS order_id, r.out_trade_no AS out_trade_no, r.out_refund_no AS out_refund_no, \
             COALESCE(a.transaction_id, '') AS transaction_id, COALESCE(r.refund_id, '') AS refund_id, \
             r.balance_fee - r.refund_fee AS wechat, CAST(0 AS BIGINT) AS balance \
             FROM refunds r LEFT JOIN attempts a ON a.out_trade_no = r.out_trade_no \
             WHERE r.state = 'success' AND {} AND r.refund_fee > r.balance_fee",
            during("r.changed_ms")
        ),
        format!(
            "SELECT m.at_ms AS at_ms, 'w' || m.id AS sort_key, m.reason AS kind, m.order_id AS order_id, \
             COALESCE(r.out_trade_no, o.paid_out_trade_no, '') AS out_trade_no, \
             COALESCE(r.out_refund_no, '') AS out_refund_no, '' AS transaction_id, '' AS refund_id, \
             CAST(0 AS BIGINT) AS wechat, m.amount AS balance \
             FROM wallet_moves m JOIN orders o ON o.id = m.order_id LEFT JOIN refunds r ON r.out_refund_no = m.id \
             WHERE {}",
            during("m.at_ms")
        ),
    ]
}

impl Store {
    /// The sums of all movements before this time, ms: the money at WeChat, and the money in all balances.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn money_before(&self, ms: i64) -> Result<(Fen, Fen), StoreError> {
        let parts = movements(0, ms).join(" UNION ALL ");
        let sql = format!(
            "SELECT CAST(COALESCE(SUM(wechat), 0) AS BIGINT) AS wechat, CAST(COALESCE(SUM(balance), 0) AS BIGINT) AS balance \
             FROM ({parts}) AS moved"
        );
        let rows = self.select_long(sql, &[]).await?;
        let Some(row) = rows.first() else { return Ok((Fen::ZERO, Fen::ZERO)) };
        Ok((Fen(rows::number(row, "wechat")?), Fen(rows::number(row, "balance")?)))
    }

    /// A page of the movements from `from_ms` on and before `to_ms`, the oldest first: at most `limit`. `after` is the
    /// time and the key of the last movement of the page before (keyset pagination).
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn money_moves(
        &self,
        from_ms: i64,
        to_ms: i64,
        after: Option<(i64, &str)>,
        limit: usize,
    ) -> Result<Vec<MoneyMove>, StoreError> {
        let (after_ms, key) = after.unwrap_or((from_ms, ""));
        let parts = movements(after_ms, to_ms);
        let parts: Vec<String> = (0..)
            .zip(parts)
            .map(|(at, part): (u8, String)| {
                format!(
                    "SELECT * FROM (SELECT * FROM ({part}) AS part_{at} WHERE at_ms > {after_ms} OR sort_key > $1 \
                     ORDER BY at_ms, sort_key LIMIT {limit}) AS page_{at}"
                )
            })
            .collect();
        let sql = format!("{} ORDER BY at_ms, sort_key LIMIT {limit}", parts.join(" UNION ALL "));
        self.select_long(sql, &[key]).await?.iter().map(movement).collect()
    }
}

fn movement(row: &Row) -> Result<MoneyMove, StoreError> {
    Ok(MoneyMove {
        at_ms: rows::number(row, "at_ms")?,
        key: rows::text(row, "sort_key")?,
        kind: rows::text(row, "kind")?,
        order_id: rows::text(row, "order_id")?,
        out_trade_no: rows::text(row, "out_trade_no")?,
        out_refund_no: rows::text(row, "out_refund_no")?,
        transaction_id: rows::text(row, "transaction_id")?,
        refund_id: rows::text(row, "refund_id")?,
        wechat: Fen(rows::number(row, "wechat")?),
        balance: Fen(rows::number(row, "balance")?),
    })
}
