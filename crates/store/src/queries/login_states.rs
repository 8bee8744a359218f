//! The OAuth `state` of each WeChat login, with the code that came back with it and the openid that WeChat gave for
//! this code.

use model::OpenId;

use crate::{
    Store, StoreError,
    driver::{Value, text},
    rows,
};

/// The time limits of a login, ms.
#[derive(Clone, Copy, Debug)]
pub struct LoginTimes {
    /// How long one server may take to exchange the code (the lease).
    pub lease_ms: i64,
    /// How long the same state and code get the same answer again.
    pub answer_again_ms: i64,
    /// How long a row is kept after its last change.
    pub keep_ms: i64,
}

/// The result of a claim of a state and a code.
#[derive(Debug, PartialEq, Eq)]
pub enum LoginClaim {
    /// The caller has to exchange the code.
    Granted,
    /// The code was exchanged a moment ago, and WeChat gave this openid.
    Done(OpenId),
    /// Another caller is exchanging it.
    InProgress,
    /// The state was used: with another code, or too long ago.
    Used,
}

impl Store {
    /// Claims the exchange of the code of a state. `state` and `code` are hashes.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn claim_login(
        &self,
        state: String,
        code: String,
        times: LoginTimes,
        now_ms: i64,
    ) -> Result<LoginClaim, StoreError> {
        const CONTEXT: &str = "claiming a login";
        self.exclusive(move |connection| {
            Box::pin(async move {
                let old = vec![Value::Number(now_ms - times.keep_ms)];
                connection.execute(CONTEXT, "DELETE FROM login_states WHERE at_ms < $1", old).await?;
                // only one server can insert or update the row, and that server is granted the claim
                let sql = "INSERT INTO login_states (state, code, openid, leased_ms, at_ms) VALUES ($1, $2, '', $3, $4) \
                     ON CONFLICT (state) DO UPDATE SET leased_ms = excluded.leased_ms WHERE login_states.code = \
                     excluded.code AND login_states.openid = '' AND login_states.leased_ms <= $5";
                let times_ms = [now_ms + times.lease_ms, now_ms, now_ms].map(Value::Number);
                let values = [text(&state), text(&code)].into_iter().chain(times_ms).collect();
                if connection.execute(CONTEXT, sql, values).await? == 1 {
                    return Ok(LoginClaim::Granted);
                }
                let sql = "SELECT code, openid, at_ms FROM login_states WHERE state = $1";
                let row = connection.fetch_one(CONTEXT, sql, vec![text(state)]).await?;
                let (known, openid): (String, String) = (rows::text(&row, "code")?, rows::text(&row, "openid")?);
                let at_ms: i64 = rows::number(&row, "at_ms")?;
                Ok(if known != code {
                    LoginClaim::Used
                } else if openid.is_empty() {
                    LoginClaim::InProgress
                } else if now_ms - at_ms < times.answer_again_ms {
                    LoginClaim::Done(openid.parse().map_err(StoreError::during(CONTEXT))?)
                } else {
                    LoginClaim::Used
                })
            })
        })
        .await
    }

    /// Records the openid of the code. After a failure (`None`) the state accepts only the same code again.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn end_login(
        &self,
        state: String,
        code: String,
        openid: Option<&OpenId>,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let sql =
            "UPDATE login_states SET openid = $1, leased_ms = 0, at_ms = $2 WHERE state = $3 AND code = $4";
        let openid = openid.map_or("", OpenId::as_str);
        let values = vec![text(openid), Value::Number(now_ms), text(state), text(code)];
        self.execute("ending a login", sql, values).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMES: LoginTimes = LoginTimes { lease_ms: 30_000, answer_again_ms: 60_000, keep_ms: 3_600_000 };

    #[tokio::test]
    async fn a_state_serves_one_code_and_one_exchange() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&format!("sqlite://{}/shop.db", folder.path().display())).await.unwrap();
        let openid: OpenId = "oUser".parse().unwrap();
        let claim = async |state, code, now_ms| {
            let (state, code): (&str, &str) = (state, code);
            store.claim_login(state.to_owned(), code.to_owned(), TIMES, now_ms).await.unwrap()
        };
        assert_eq!(claim("state", "code", 0).await, LoginClaim::Granted);
        assert_eq!(claim("state", "code", 1).await, LoginClaim::InProgress);
        assert_eq!(claim("state", "other", 1).await, LoginClaim::Used);
        // the lease of a dead server ends
        assert_eq!(claim("state", "code", TIMES.lease_ms).await, LoginClaim::Granted);
        // after a failure only the same code can be tried again
        store.end_login("state".to_owned(), "code".to_owned(), None, TIMES.lease_ms).await.unwrap();
        assert_eq!(claim("state", "other", TIMES.lease_ms).await, LoginClaim::Used);
        assert_eq!(claim("state", "code", TIMES.lease_ms).await, LoginClaim::Granted);
        store.end_login("state".to_owned(), "code".to_owned(), Some(&openid), TIMES.lease_ms).await.unwrap();
        assert_eq!(claim("state", "code", TIMES.lease_ms + 1).await, LoginClaim::Done(openid));
        assert_eq!(claim("state", "code", TIMES.lease_ms + TIMES.answer_again_ms).await, LoginClaim::Used);
        // the same code with another state is another exchange, and WeChat refuses a used code
        assert_eq!(claim("second state", "code", TIMES.lease_ms + 1).await, LoginClaim::Granted);
        // old rows are deleted
        assert_eq!(claim("third", "code", TIMES.lease_ms + TIMES.keep_ms + 1).await, LoginClaim::Granted);
        let rows = store.select("SELECT state FROM login_states".to_owned(), &[]).await.unwrap();
        assert!(rows.len() <= 2, "{}", rows.len());
    }
}
