//! What an answer of Pay V3 has to be before it is believed.

use serde::Deserialize;

use super::{KeyRing, ReadError, SignatureHeaders, VerificationError};
use crate::{Error, error::Refusal, http::HttpResponse, json};

/// Whether the answer is signed, if it has to be: success always is, a refusal is where WeChat knew the merchant.
pub(super) enum Signed {
    Yes,
    No,
}

/// Checks the signature. A refusal without any of the headers is not signed; one with some of them must verify.
pub(super) fn verify(answer: &HttpResponse, keys: &KeyRing, now: i64) -> Result<Signed, VerificationError> {
    let bare = ["Wechatpay-Signature", "Wechatpay-Serial"].iter().all(|name| answer.header(name).is_none());
    if bare && !is_success(answer.status) {
        return Ok(Signed::No);
    }
    let headers = SignatureHeaders::read(|name| answer.header(name))?;
    keys.verify(&headers, &answer.body, now)?;
    Ok(Signed::Yes)
}

/// The body of a success, or what WeChat refused with.
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

/// What WeChat refused with; where that is not its JSON, the status alone.
pub(super) fn refusal(endpoint: &'static str, answer: &HttpResponse, verified: bool) -> Error {
    let Ok(body) = json::read::<Body>(&answer.body) else {
        return Error::status(endpoint, answer.status);
    };
    let field = body.detail.as_ref().and_then(|detail| detail.get("field")).and_then(|field| field.as_str());
    Error::refusal(
        endpoint,
        Refusal {
            code: Some(body.code),
            message: body.message,
            request_id: answer.header("Request-ID").map(str::to_owned),
            field: field.map(str::to_owned),
            verified,
        },
    )
}

/// What an answer tells.
pub(super) fn parse_body<T>(
    endpoint: &'static str,
    answer: &[u8],
    from_json: impl Fn(&str) -> Result<T, ReadError>,
) -> Result<T, Error> {
    let json = std::str::from_utf8(answer).map_err(|error| Error::malformed(endpoint, error))?;
    from_json(json).map_err(|error| Error::malformed(endpoint, error))
}
