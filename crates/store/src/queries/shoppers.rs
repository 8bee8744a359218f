//! Shoppers: balance and profile.

use model::{Fen, OpenId, Shopper, record::ProfileRecord};

use crate::{
    Store, StoreError,
    rows::{self, PROFILE},
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

    /// The profile of a shopper who agreed to `snsapi_userinfo`.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn profile(&self, openid: &OpenId) -> Result<Option<ProfileRecord>, StoreError> {
        let sql = format!("SELECT {PROFILE} FROM profiles WHERE openid = $1");
        self.select(sql, &[openid.as_str()]).await?.first().map(rows::profile).transpose()
    }
}
