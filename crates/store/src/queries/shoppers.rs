//! Reads shoppers: openids, balance and profile. Commands write them.

use model::{
    Fen, OpenId, Shopper,
    record::{ProfileRecord, WalletMoveRecord},
};

use crate::{
    KnownOpenId, Store, StoreError,
    driver::{Value, text},
    rows::{self, OPENID, PROFILE, WALLET_MOVE},
};

/// An SQL expression for the shopper `$1`, or the shopper into whom `$1` was merged since the request began. A merge
/// takes the same lock as the writes of carts and addresses.
pub(super) const CURRENT_SHOPPER: &str =
    "COALESCE((SELECT shopper FROM shopper_openids WHERE openid = $1), $1)";

impl Store {
    /// An openid whose unionid is known, with its shopper. `None`: the openid itself is the shopper.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn known_openid(&self, openid: &OpenId) -> Result<Option<KnownOpenId>, StoreError> {
        let sql = format!("{OPENID} WHERE o.openid = $1");
        self.select(sql, &[openid.as_str()]).await?.first().map(rows::openid).transpose()
    }

    /// Whether a login at this account has returned a unionid before.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn tells_unionid(&self, appid: &str) -> Result<bool, StoreError> {
        let sql = "SELECT 1 AS one FROM shopper_openids WHERE appid = $1 LIMIT 1".to_owned();
        Ok(!self.select(sql, &[appid]).await?.is_empty())
    }

    /// A shopper's balance; 0 without a top-up.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn balance(&self, shopper: &Shopper) -> Result<Fen, StoreError> {
        let sql = "SELECT balance FROM wallets WHERE openid = $1".to_owned();
        let rows = self.select(sql, &[&shopper.to_string()]).await?;
        rows.first().map_or(Ok(0), |row| rows::number(row, "balance")).map(Fen)
    }

    /// A page of the changes of a shopper's balance, newest first: at most `limit`. It begins after `after`, the time
    /// and the id of the last change of the page before.
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

    /// The profile of an openid; `None` if the shopper did not agree to `snsapi_userinfo`.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn profile(&self, openid: &OpenId) -> Result<Option<ProfileRecord>, StoreError> {
        let sql = format!("SELECT {PROFILE} FROM profiles WHERE openid = $1");
        self.select(sql, &[openid.as_str()]).await?.first().map(rows::profile).transpose()
    }
}
