//! Reads for the copy of a shopper's data that no other file of this folder has.

use model::{
    Shopper,
    record::{MessageRecord, WalletMoveRecord},
};

use crate::{
    Store, StoreError,
    rows::{self, MESSAGE, WALLET_MOVE, message},
};

impl Store {
    /// Every change of a shopper's balance, oldest first.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn wallet_moves_of(&self, shopper: &Shopper) -> Result<Vec<WalletMoveRecord>, StoreError> {
        let sql = format!("SELECT {WALLET_MOVE} FROM wallet_moves WHERE openid = $1 ORDER BY at_ms, id");
        self.select_long(sql, &[&shopper.to_string()]).await?.iter().map(rows::wallet_move).collect()
    }

    /// The messages to a shopper, oldest first.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn messages_to(&self, shopper: &Shopper) -> Result<Vec<MessageRecord>, StoreError> {
        let sql = format!(
            "SELECT {MESSAGE} FROM messages WHERE (recipient = $1 OR recipient IN (SELECT openid FROM \
             shopper_openids WHERE shopper = $1)) AND order_id <> '' AND order_id IN (SELECT id FROM orders \
             WHERE openid = $1 UNION SELECT order_id FROM order_visitors WHERE shopper = $1) ORDER BY created_ms, id"
        );
        self.select_long(sql, &[&shopper.to_string()]).await?.iter().map(message).collect()
    }
}
