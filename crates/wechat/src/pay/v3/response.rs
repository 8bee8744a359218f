//! Verifies and reads the responses of Pay V3.

use serde::Deserialize;

use super::{KeyRing, ReadError, SignatureHeaders, VerificationError};
use crate::{Error, error::Refusal, http::HttpResponse, json};

/// Whether a response is signed. A success must be signed. WeChat signs a refusal if it recognized the merchant.
pub(super) enum Signed {
    Yes,
    No,
}

/// Verifies the signature. Only a refusal without all signature headers counts as unsigned. If it has one of them, its
/// signature must be right.
pub(super) fn verify(answer: &HttpResponse, keys: &KeyRing, now: i64) -> Result<Signed, VerificationError> {
    let unsigned =
        ["Wechatpay-Signature", "Wechatpay-Serial"].iter().all(|name| answer.header(name).is_none());
    if unsigned && !is_success(answer.status) {
        return Ok(Signed::No);
    }
    let headers = SignatureHeaders::read(|name| answer.header(name))?;
    keys.verify(&headers, &answer.body, now)?;
    Ok(Signed::Yes)
}

/// Returns the body of a success. A refusal is an error.
pub(super) fn read(
    endpoint: &'static str,
    answer: HttpResponse,
    signed: Result<Signed, VerificationError>,
) -> Result<Vec<u8>, Error> {
    match signed {
        Err(error) => Err(Error::verification(endpoint, error.to_string())),
        Ok(Signed::Yes) if is_success(answer.status) => Ok(answer.body),
        Ok(signed) => Err(refusal(endpoint, &answer, matches!(signed, Signed::Yes))),
    }
}

const fn is_success(status: u16) -> bool {
    matches!(status, 200 | 204)
}

#[derive(Deserialize)]
struct Body {
    code: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    detail: Option<serde_json::Value>,
}

/// Reads a refusal. If its body is not WeChat's JSON, the error only has the HTTP status.
pub(super) fn refusal(endpoint: &'static str, answer: &HttpResponse, verified: bool) -> Error {
    let Ok(body) = json::read::<Body>(&answer.body) else {
        return Error::status(endpoint, answer.status);
    };
    let detail = |name| Some(body.detail.as_ref()?.get(name)?.as_str()?.to_owned());
    let (field, issue) = (detail("field"), detail("issue"));
    Error::refusal(
        endpoint,
        Refusal {
            code: Some(body.code),
            message: body.message,
            request_id: answer.header("Request-ID").map(str::to_owned),
            field,
            issue,
            verified,
        },
    )
}

/// Reads the body of a response.
pub(super) fn parse_body<T>(
    endpoint: &'static str,
    answer: &[u8],
    from_json: impl Fn(&str) -> Result<T, ReadError>,
) -> Result<T, Error> {
    let json = std::str::from_utf8(answer).map_err(|error| Error::malformed(endpoint, error))?;
    from_json(json).map_err(|error| Error::malformed(endpoint, error))
}
