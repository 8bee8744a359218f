//! Shoppers: balance and profile.

use model::{
    Fen, OpenId, Shopper,
    record::{ProfileRecord, WalletMoveRecord},
};

use crate::{
    Store, StoreError,
    driver::{Value, text},
    rows::{self, PROFILE, WALLET_MOVE},
};

impl Store {
    /// A shopper's balance.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn balance(&self, shopper: &Shopper) -> Result<Fen, StoreError> {
        let sql = "SELECT balance FROM wallets WHERE openid = $1".to_owned();
        let rows = self.select(sql, &[&shopper.to_string()]).await?;
        rows.first().map_or(Ok(0), |row| rows::number(row, "balance")).map(Fen)
    }

    /// The changes of a shopper's balance, newest first: those after `after` (the time and the id of the last one that a page
    /// shows), `limit` at most.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn wallet_moves(
        &self,
        shopper: &Shopper,
        after: Option<(i64, &str)>,
        limit: i64,
    ) -> Result<Vec<WalletMoveRecord>, StoreError> {
        let (at_ms, id) = after.unwrap_or((i64::MAX, ""));
        let sql = format!(
            "SELECT {WALLET_MOVE} FROM wallet_moves WHERE openid = $1 AND (at_ms < $2 OR (at_ms = $2 AND id < $3)) \
             ORDER BY at_ms DESC, id DESC LIMIT $4"
        );
        let values = vec![text(shopper), Value::Number(at_ms), text(id), Value::Number(limit)];
        self.readers.fetch(&sql, values).await?.iter().map(rows::wallet_move).collect()
    }

    /// The profile of a shopper who agreed to `snsapi_userinfo`.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn profile(&self, openid: &OpenId) -> Result<Option<ProfileRecord>, StoreError> {
        let sql = format!("SELECT {PROFILE} FROM profiles WHERE openid = $1");
        self.select(sql, &[openid.as_str()]).await?.first().map(rows::profile).transpose()
    }
}
