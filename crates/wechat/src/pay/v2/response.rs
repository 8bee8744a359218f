//! Reads the two layers of a V2 response: the unsigned refusal, and the signed message. Only the signed message can be
//! trusted.

use super::{Merchant, SignType};
use crate::{
    Error,
    wire::{Fields, sign, xml},
};

/// Reads and verifies a response, and returns its fields. A refusal is an error.
pub(super) fn read(
    endpoint: &'static str,
    merchant: &Merchant,
    sign_type: SignType,
    body: &[u8],
) -> Result<Fields, Error> {
    succeeded(endpoint, verified(endpoint, merchant, sign_type, body)?)
}

/// Reads and verifies a response. It may be a signed refusal.
pub(super) fn verified(
    endpoint: &'static str,
    merchant: &Merchant,
    sign_type: SignType,
    body: &[u8],
) -> Result<Fields, Error> {
    let fields = xml::parse(body).map_err(|error| Error::malformed(endpoint, error))?;
    match fields.get("return_code") {
        Some("SUCCESS") => {}
        Some("FAIL") => {
            // a refusal at this layer has no signature: keep its message for people, but no code
            let message = fields.get("return_msg").unwrap_or_default().to_owned();
            return Err(Error::unsigned(endpoint, message));
        }
        _ => return Err(Error::malformed(endpoint, "return_code is neither SUCCESS nor FAIL")),
    }
    if !sign::verify(&fields, merchant.key().expose(), sign_type) {
        return Err(Error::verification(endpoint, "the signature does not verify"));
    }
    merchant.check(&fields).map_err(|why| Error::verification(endpoint, why))?;
    Ok(fields)
}

/// Returns the fields of a success. A refusal is an error.
pub(super) fn succeeded(endpoint: &'static str, fields: Fields) -> Result<Fields, Error> {
    match fields.get("result_code") {
        Some("SUCCESS") => Ok(fields),
        Some("FAIL") => {
            let word = |name| fields.get(name).filter(|value| !value.is_empty()).map(str::to_owned);
            Err(Error::service(endpoint, word("err_code"), word("err_code_des").unwrap_or_default()))
        }
        _ => Err(Error::malformed(endpoint, "result_code is neither SUCCESS nor FAIL")),
    }
}
