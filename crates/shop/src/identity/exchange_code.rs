//! Exchanging a login's `code` once, however often and to whichever server a browser brings it.
//!
//! A row of `login_states` says which code a state serves, and who it turned out to be. So a state is used once, also where
//! several servers share the database, and a code that somebody has copied is worth nothing with another state: WeChat
//! is asked again, and refuses a used code.

use std::time::Duration;

use sha2::{Digest, Sha256};
use store::{LoginClaim, LoginTimes};

use super::Login;
use crate::{Shop, ShopError};

/// Bytes of a `code` at most. WeChat's have 32.
pub const LONGEST_CODE: usize = 512;

/// How long the steps of a login last. The same state and code get the same answer for a minute: some browsers fetch an
/// address twice. The row of a state outlives the state.
const TIMES: LoginTimes = LoginTimes { lease_ms: 30_000, answer_again_ms: 60_000, keep_ms: 60 * 60 * 1000 };

/// How often to look whether another server has the answer, and how often at most.
const LOOK_EVERY: Duration = Duration::from_millis(100);
const LOOKS: u32 = 100;

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
        let _turn = self.keyed_mutex().lock(&ticket.state).await;
        for _ in 0..LOOKS {
            match self.claim(&ticket).await? {
                LoginClaim::Done(openid) => return Ok(Login { openid }),
                LoginClaim::Used => return Err(ShopError::LoginUsed),
                LoginClaim::InProgress => tokio::time::sleep(LOOK_EVERY).await,
                LoginClaim::Granted => {
                    let exchanged = self.exchange(code).await;
                    let openid = exchanged.as_ref().ok().map(|login| &login.openid);
                    let Ticket { state, code } = ticket;
                    self.store().end_login(state, code, openid, self.clock().now_ms()).await?;
                    return exchanged;
                }
            }
        }
        Err(ShopError::Busy)
    }

    async fn claim(&self, ticket: &Ticket) -> Result<LoginClaim, ShopError> {
        let Ticket { state, code } = ticket.clone();
        Ok(self.store().claim_login(state, code, TIMES, self.clock().now_ms()).await?)
    }
}

fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}
