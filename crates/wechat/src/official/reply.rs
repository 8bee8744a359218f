//! The JSON of api.weixin.qq.com: HTTP 200 always, told apart by `errcode`.

use serde::{Deserialize, de::DeserializeOwned};

use crate::{Error, json};

#[derive(Deserialize)]
struct Outcome {
    #[serde(default)]
    errcode: i64,
    #[serde(default)]
    errmsg: String,
}

/// Whether the answer is JSON and no refusal.
pub(crate) fn check(endpoint: &'static str, body: &[u8]) -> Result<(), Error> {
    let outcome: Outcome = read(endpoint, body)?;
    if outcome.errcode == 0 {
        return Ok(());
    }
    Err(Error::service(endpoint, Some(outcome.errcode.to_string()), outcome.errmsg))
}

pub(crate) fn read<T: DeserializeOwned>(endpoint: &'static str, body: &[u8]) -> Result<T, Error> {
    json::read(body).map_err(|error| Error::malformed(endpoint, error))
}
