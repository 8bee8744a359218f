//! Exchanging a login's `code` once, however often and to whichever server a browser brings it.
//!
//! A row of `login_states` says which code a state serves, and who it turned out to be. So a state is used once, also where
//! several servers share the database, and a code that somebody has copied is worth nothing with another state: WeChat
//! is asked again, and refuses a used code.

use std::time::Duration;

use model::OpenId;
use sha2::{Digest, Sha256};
use sqlx::Row;

use super::Login;
use crate::{
    Shop, ShopError, Store, StoreError,
    store::{Value, text},
};

/// Bytes of a `code` at most. WeChat's have 32.
pub const LONGEST_CODE: usize = 512;

/// How long one server may take to ask WeChat, before another one may ask. ms.
const LEASE_MS: i64 = 30_000;

/// How long the same state and code are answered with the same shopper, after the first time: some browsers fetch an
/// address twice. ms.
const ANSWER_AGAIN_MS: i64 = 60_000;

/// When a state's row is deleted: longer than a state is valid. ms.
const KEEP_MS: i64 = 60 * 60 * 1000;

/// How often to look whether another server has the answer, and how often at most.
const LOOK_EVERY: Duration = Duration::from_millis(100);
const LOOKS: u32 = 100;

/// What the row of a state says to somebody who brings a code.
#[derive(Debug, PartialEq, Eq)]
enum Claim {
    /// This caller exchanges the code.
    Granted,
    /// The code was exchanged a moment ago.
    Done(OpenId),
    /// Another caller is exchanging it.
    UnderWay,
    /// The state was used, with another code or a while ago.
    Used,
}

/// A state and the code that came back with it, as they are stored.
#[derive(Clone, Debug)]
struct Ticket {
    state: String,
    code: String,
}

impl Shop {
    /// Exchanges a `code` that came back with this `state`, which the caller has found to be this shop's and this
    /// browser's. Each state serves one code. The same pair brought again within a minute answers the same, without asking
    /// WeChat again. Where the shopper has agreed to `snsapi_userinfo`, their profile is kept.
    ///
    /// The exchange goes on where the caller gives up: WeChat takes a code once, so its answer must not be lost.
    ///
    /// # Errors
    /// [`ShopError::LoginCode`] where WeChat does not take the code, [`ShopError::LoginUsed`] where the state was used,
    /// [`ShopError::SnapshotUser`], [`ShopError::BadRequest`] for a code that is too long, WeChat not answering, or a failing
    /// database.
    pub async fn log_in(&self, state: &str, code: &str) -> Result<Login, ShopError> {
        if code.len() > LONGEST_CODE {
            return Err(ShopError::BadRequest("the code is longer than WeChat's are"));
        }
        let ticket = Ticket { state: hash(state), code: hash(code) };
        let (shop, code) = (self.clone(), code.to_owned());
        let exchange = async move { shop.exchange_once(ticket, &code).await };
        tokio::spawn(tracing::Instrument::in_current_span(exchange)).await.map_err(|_| ShopError::Busy)?
    }

    async fn exchange_once(&self, ticket: Ticket, code: &str) -> Result<Login, ShopError> {
        // on this server one at a time; what another server does is seen in the row
        let _turn = self.turns().take(&ticket.state).await;
        for _ in 0..LOOKS {
            match self.store().claim_login(ticket.clone(), self.clock().now_ms()).await? {
                Claim::Done(openid) => return Ok(Login { openid }),
                Claim::Used => return Err(ShopError::LoginUsed),
                Claim::UnderWay => tokio::time::sleep(LOOK_EVERY).await,
                Claim::Granted => {
                    let exchanged = self.exchange(code).await;
                    let openid = exchanged.as_ref().ok().map(|login| login.openid.clone());
                    self.store().end_login(ticket, openid, self.clock().now_ms()).await?;
                    return exchanged;
                }
            }
        }
        Err(ShopError::Busy)
    }
}

fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

impl Store {
    /// Takes the exchange of a state's code, or says why not.
    async fn claim_login(&self, ticket: Ticket, now_ms: i64) -> Result<Claim, StoreError> {
        const DOING: &str = "claiming a login";
        self.writer
            .exclusive(move |connection| {
                Box::pin(async move {
                    sqlx::query("DELETE FROM login_states WHERE at_ms < $1")
                        .bind(now_ms - KEEP_MS)
                        .execute(&mut *connection)
                        .await
                        .map_err(StoreError::during(DOING))?;
                    // the row is written or changed by one server only: what it touches is granted
                    let granted = sqlx::query(
                        "INSERT INTO login_states (state, code, openid, leased_ms, at_ms) VALUES ($1, $2, '', $3, $4) \
                         ON CONFLICT (state) DO UPDATE SET leased_ms = excluded.leased_ms WHERE login_states.code = \
                         excluded.code AND login_states.openid = '' AND login_states.leased_ms <= $5",
                    )
                    .bind(&ticket.state)
                    .bind(&ticket.code)
                    .bind(now_ms + LEASE_MS)
                    .bind(now_ms)
                    .bind(now_ms)
                    .execute(&mut *connection)
                    .await
                    .map_err(StoreError::during(DOING))?;
                    if granted.rows_affected() == 1 {
                        return Ok(Claim::Granted);
                    }
                    let row = sqlx::query("SELECT code, openid, at_ms FROM login_states WHERE state = $1")
                        .bind(&ticket.state)
                        .fetch_one(&mut *connection)
                        .await
                        .map_err(StoreError::during(DOING))?;
                    let text = |at: usize| row.try_get::<String, _>(at).map_err(StoreError::during(DOING));
                    let (code, openid) = (text(0)?, text(1)?);
                    let at_ms: i64 = row.try_get(2).map_err(StoreError::during(DOING))?;
                    Ok(if code != ticket.code {
                        Claim::Used
                    } else if openid.is_empty() {
                        Claim::UnderWay
                    } else if now_ms - at_ms < ANSWER_AGAIN_MS {
                        Claim::Done(openid.parse().map_err(StoreError::during(DOING))?)
                    } else {
                        Claim::Used
                    })
                })
            })
            .await
    }

    /// Writes down who the code was of. After a failure the same code may be tried again, and no other.
    async fn end_login(&self, ticket: Ticket, openid: Option<OpenId>, now_ms: i64) -> Result<(), StoreError> {
        let sql =
            "UPDATE login_states SET openid = $1, leased_ms = 0, at_ms = $2 WHERE state = $3 AND code = $4";
        let openid = openid.as_ref().map_or("", OpenId::as_str);
        let values = vec![text(openid), Value::Number(now_ms), text(ticket.state), text(ticket.code)];
        self.change("ending a login", sql, values).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket(state: &str, code: &str) -> Ticket {
        Ticket { state: hash(state), code: hash(code) }
    }

    #[tokio::test]
    async fn a_state_serves_one_code_and_one_exchange() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&format!("sqlite://{}/shop.db", folder.path().display())).await.unwrap();
        let openid: OpenId = "oUser".parse().unwrap();
        let claim = async |state, code, now_ms| store.claim_login(ticket(state, code), now_ms).await.unwrap();
        assert_eq!(claim("state", "code", 0).await, Claim::Granted);
        assert_eq!(claim("state", "code", 1).await, Claim::UnderWay);
        assert_eq!(claim("state", "other", 1).await, Claim::Used);
        // a server that died does not hold the login for ever
        assert_eq!(claim("state", "code", LEASE_MS).await, Claim::Granted);
        // after a failure the same code is tried again, and no other
        store.end_login(ticket("state", "code"), None, LEASE_MS).await.unwrap();
        assert_eq!(claim("state", "other", LEASE_MS).await, Claim::Used);
        assert_eq!(claim("state", "code", LEASE_MS).await, Claim::Granted);
        store.end_login(ticket("state", "code"), Some(openid.clone()), LEASE_MS).await.unwrap();
        assert_eq!(claim("state", "code", LEASE_MS + 1).await, Claim::Done(openid));
        assert_eq!(claim("state", "code", LEASE_MS + ANSWER_AGAIN_MS).await, Claim::Used);
        // the same code with another state is another exchange, which WeChat refuses
        assert_eq!(claim("second state", "code", LEASE_MS + 1).await, Claim::Granted);
        // old rows go
        assert_eq!(claim("third", "code", LEASE_MS + KEEP_MS + 1).await, Claim::Granted);
        let rows = store.select("SELECT state FROM login_states".to_owned(), &[]).await.unwrap();
        assert!(rows.len() <= 2, "{}", rows.len());
    }
}
