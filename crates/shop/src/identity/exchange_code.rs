//! Exchanges the `code` of a login exactly once, even if the browser sends it several times and to several servers.
//!
//! A row of `login_states` stores the code of a state and the openid that WeChat gave for it. So a state is used once,
//! even with several servers. A stolen code does not work with another state: the server asks WeChat again, and WeChat
//! refuses a used code.

use std::time::Duration;

use sha2::{Digest, Sha256};
use store::{LoginClaim, LoginTimes};

use super::{Login, LoginAccount};
use crate::{Identity, ShopError};

/// The maximum length of a `code`, bytes. WeChat's codes have 32.
pub const MAX_CODE_BYTES: usize = 512;

/// The time limits of a login. The same state and code get the same answer for a minute, because some browsers load a
/// URL twice. The row is kept longer than the state is valid.
const TIMES: LoginTimes = LoginTimes { lease_ms: 30_000, answer_again_ms: 60_000, keep_ms: 60 * 60 * 1000 };

/// The pause between two checks whether another server has the answer, and the maximum number of checks.
const LOOK_EVERY: Duration = Duration::from_millis(100);
const LOOKS: u32 = 100;

/// The hashes of a state and of the code that came with it.
#[derive(Clone, Debug)]
struct Ticket {
    state: String,
    code: String,
}

impl Identity {
    /// Logs a shopper in: exchanges the `code` that came with this `state`. The caller has checked that the state
    /// belongs to this shop and this browser. The same pair gets the same answer within a minute, without another call
    /// to WeChat. If the shopper agreed to `snsapi_userinfo` or logged in on a computer, the shop stores the profile. A
    /// unionid joins the openids of a person.
    ///
    /// The exchange continues if the caller disconnects: WeChat accepts a code only once, so the answer must not be
    /// lost.
    ///
    /// # Errors
    /// [`ShopError::LoginCode`] if WeChat refuses the code, [`ShopError::LoginUsed`] if the state was used,
    /// [`ShopError::SnapshotUser`], [`ShopError::NoWebsite`], [`ShopError::BadRequest`] for a code that is too long,
    /// WeChat not answering, or a failing database.
    pub async fn log_in(&self, account: LoginAccount, state: &str, code: &str) -> Result<Login, ShopError> {
        if code.len() > MAX_CODE_BYTES {
            return Err(ShopError::BadRequest("the code is longer than WeChat's are"));
        }
        let ticket = Ticket { state: hash(state), code: hash(code) };
        let (shop, code) = (self.clone(), code.to_owned());
        let exchange = async move { shop.exchange_once(account, ticket, &code).await };
        tokio::spawn(tracing::Instrument::in_current_span(exchange)).await.map_err(|_| ShopError::Busy)?
    }

    async fn exchange_once(
        &self,
        account: LoginAccount,
        ticket: Ticket,
        code: &str,
    ) -> Result<Login, ShopError> {
        // the lock orders the calls on this server; the row orders the servers
        let _turn = self.exchanging.lock(&ticket.state).await;
        for _ in 0..LOOKS {
            match self.claim(&ticket).await? {
                LoginClaim::Done(openid) => return Ok(Login { openid }),
                LoginClaim::Used => return Err(ShopError::LoginUsed),
                LoginClaim::InProgress => tokio::time::sleep(LOOK_EVERY).await,
                LoginClaim::Granted => {
                    let exchanged = self.exchange(account, code).await;
                    let openid = exchanged.as_ref().ok().map(|login| &login.openid);
                    let Ticket { state, code } = ticket;
                    self.store.end_login(state, code, openid, self.clock.now_ms()).await?;
                    return exchanged;
                }
            }
        }
        Err(ShopError::Busy)
    }

    async fn claim(&self, ticket: &Ticket) -> Result<LoginClaim, ShopError> {
        let Ticket { state, code } = ticket.clone();
        Ok(self.store.claim_login(state, code, TIMES, self.clock.now_ms()).await?)
    }
}

fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}
