//! Stores the tokens of WeChat's accounts in the shop's database, so that all servers share them.

use std::time::Duration;

use store::{Store, StoreError};
use wechat::{
    Secret,
    official::{Lease, StoreError as TokenStoreError, StoreFuture, StoredToken, TokenName, TokenStore},
};

/// The [`TokenStore`] on the shop's database. `store`'s `queries/tokens.rs` has the statements.
#[derive(Clone, Debug)]
pub struct DatabaseTokens(pub Store);

fn failed(error: StoreError) -> TokenStoreError {
    TokenStoreError::new(error)
}

impl TokenStore for DatabaseTokens {
    fn load<'a>(&'a self, name: &'a TokenName) -> StoreFuture<'a, Option<StoredToken>> {
        Box::pin(async move {
            let token = self.0.load_token(&name.appid, name.kind.as_str()).await.map_err(failed)?;
            Ok(token.map(|token| StoredToken {
                token: Secret::new(token.token),
                version: token.version,
                expires_in: token.expires_in,
                lifetime: token.lifetime,
            }))
        })
    }

    fn version<'a>(&'a self, name: &'a TokenName) -> StoreFuture<'a, i64> {
        Box::pin(async move { self.0.token_version(&name.appid, name.kind.as_str()).await.map_err(failed) })
    }

    fn lease<'a>(&'a self, name: &'a TokenName, length: Duration) -> StoreFuture<'a, Option<Lease>> {
        Box::pin(async move {
            let lease = self.0.lease_token(&name.appid, name.kind.as_str(), length).await;
            lease.map(|lease| lease.map(Lease)).map_err(failed)
        })
    }

    fn release<'a>(&'a self, name: &'a TokenName, lease: Lease) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            self.0.release_token(&name.appid, name.kind.as_str(), lease.0).await.map_err(failed)
        })
    }

    fn publish<'a>(
        &'a self,
        name: &'a TokenName,
        replaces: i64,
        token: &'a Secret,
        lifetime: Duration,
    ) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            let kind = name.kind.as_str();
            self.0.publish_token(&name.appid, kind, replaces, token.expose(), lifetime).await.map_err(failed)
        })
    }

    fn count_forced<'a>(
        &'a self,
        name: &'a TokenName,
        spacing: Duration,
        per_day: u32,
    ) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            let kind = name.kind.as_str();
            self.0.count_forced_refresh(&name.appid, kind, spacing, per_day).await.map_err(failed)
        })
    }
}
