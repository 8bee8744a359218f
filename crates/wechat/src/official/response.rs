//! The JSON of api.weixin.qq.com. The HTTP status is always 200; `errcode` tells success from failure.

use serde::{Deserialize, de::DeserializeOwned};

use crate::{Error, json};

#[derive(Deserialize)]
struct Outcome {
    #[serde(default)]
    errcode: i64,
    #[serde(default)]
    errmsg: String,
}

/// Checks that the body is JSON and not a refusal.
pub(crate) fn check(endpoint: &'static str, body: &[u8]) -> Result<(), Error> {
    // read only the code here; the call reads the other fields
    let outcome: Outcome = read_repaired(endpoint, body)?;
    if outcome.errcode == 0 {
        return Ok(());
    }
    Err(Error::service(endpoint, Some(outcome.errcode.to_string()), outcome.errmsg))
}

/// Checks that the body is a picture. A refusal is JSON, and no picture begins with a brace.
pub(crate) fn check_file(endpoint: &'static str, body: &[u8]) -> Result<(), Error> {
    match body.first() {
        Some(b'{') => {
            check(endpoint, body)?;
            Err(Error::malformed(endpoint, "JSON without an error code instead of a file"))
        }
        Some(_) => Ok(()),
        None => Err(Error::malformed(endpoint, "an empty file")),
    }
}

pub(crate) fn read<T: DeserializeOwned>(endpoint: &'static str, body: &[u8]) -> Result<T, Error> {
    json::read(body).map_err(|error| Error::malformed(endpoint, error))
}

/// Reads a response with a text that a person typed: see [`json::read_repaired`].
pub(crate) fn read_repaired<T: DeserializeOwned>(endpoint: &'static str, body: &[u8]) -> Result<T, Error> {
    json::read_repaired(body).map_err(|error| Error::malformed(endpoint, error))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ErrorKind;

    proptest! {
        #[test]
        fn trap_11_no_response_causes_a_panic(
            bytes in prop::collection::vec(any::<u8>(), 0..100), code in any::<i64>(), message in "\\PC{0,40}",
        ) {
            if let Err(error) = check("cgi-bin/token", &bytes) {
                prop_assert!(matches!(error.kind(), ErrorKind::Malformed | ErrorKind::Service));
            }
            let answer = serde_json::json!({"errcode": code, "errmsg": message}).to_string();
            match check("cgi-bin/token", answer.as_bytes()) {
                Ok(()) => prop_assert_eq!(code, 0),
                Err(error) => {
                    let code = code.to_string();
                    prop_assert_eq!((error.code(), error.message()), (Some(&*code), Some(&*message)));
                }
            }
        }
    }
}
