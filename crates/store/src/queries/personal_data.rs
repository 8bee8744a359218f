//! What the shop keeps about one shopper, for a copy of it. What has a function of its own (orders, addresses, profile) is not here.

use model::{
    Fen, Shopper,
    record::{MessageRecord, WalletMoveRecord},
};

use crate::{
    Store, StoreError,
    driver::Row,
    rows::{self, MESSAGE, message},
};

impl Store {
    /// Every change of a shopper's balance, oldest first.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn wallet_moves_of(&self, shopper: &Shopper) -> Result<Vec<WalletMoveRecord>, StoreError> {
        // a change has the number of the order or of the refund that caused it: so its key is looked up
        let sql = "SELECT id, order_id, openid, amount, at_ms FROM wallet_moves WHERE openid = $1 AND id IN \
                   (SELECT id FROM orders WHERE openid = $1 UNION SELECT r.out_refund_no FROM refunds r JOIN orders o ON \
                   o.id = r.order_id WHERE o.openid = $1) ORDER BY at_ms, id";
        let read = |row: &Row| {
            Ok(WalletMoveRecord {
                id: rows::text(row, "id")?,
                order_id: rows::text(row, "order_id")?,
                shopper: rows::text(row, "openid")?,
                amount: Fen(rows::number(row, "amount")?),
                at_ms: rows::number(row, "at_ms")?,
            })
        };
        self.select_long(sql.to_owned(), &[&shopper.to_string()]).await?.iter().map(read).collect()
    }

    /// The messages that were written to a shopper, oldest first.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn messages_to(&self, shopper: &Shopper) -> Result<Vec<MessageRecord>, StoreError> {
        let sql = format!(
            "SELECT {MESSAGE} FROM messages WHERE recipient = $1 AND order_id <> '' AND order_id IN (SELECT id FROM orders \
             WHERE openid = $1 UNION SELECT order_id FROM order_visitors WHERE shopper = $1) ORDER BY created_ms, id"
        );
        self.select_long(sql, &[&shopper.to_string()]).await?.iter().map(message).collect()
    }
}
