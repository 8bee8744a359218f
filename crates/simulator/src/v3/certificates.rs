//! `GET /v3/certificates` (wechat-protocol.md, 5.3).

use axum::http::StatusCode;
use serde_json::json;
use wechat::wire::{aead, certificate::Certificate};

use super::{Answer, Request, V3Error};
use crate::{
    account::{Merchant, PlatformKeys},
    app_state::AppState,
    clock::{self, SECOND},
    random,
};

pub(super) fn call(app: &AppState, request: &Request<'_>) -> Answer {
    if app.settings().platform_keys(request.merchant()) == PlatformKeys::PublicKey {
        return Err(V3Error::new(
            StatusCode::NOT_FOUND,
            "RESOURCE_NOT_EXISTS",
            "无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。",
            268_435_462,
        ));
    }
    match request.query.get("algorithm_type") {
        None | Some("RSA" | "ALL") => {}
        // the merchant never applied for such a certificate
        Some("SM2") => return Ok(Some(json!({ "data": [] }))),
        Some(_) => return Err(V3Error::param("algorithm_type参数错误")),
    }
    let keys = app.database().keys.clone();
    let certificate = Certificate::from_pem(&keys.platform_cert_pem).map_err(|_| V3Error::busy())?;
    let (nonce, ciphertext) = encrypt(request.merchant(), "certificate", keys.platform_cert_pem.as_bytes());
    Ok(Some(json!({ "data": [{
        "serial_no": keys.platform_serial,
        "effective_time": clock::rfc3339(certificate.not_before * SECOND),
        "expire_time": clock::rfc3339(certificate.not_after * SECOND),
        "encrypt_certificate": {
            "algorithm": "AEAD_AES_256_GCM",
            "nonce": nonce,
            "associated_data": "certificate",
            "ciphertext": ciphertext,
        },
    }] })))
}

/// Encrypts a text with the merchant's APIv3 key. Returns the nonce and the ciphertext.
pub(crate) fn encrypt(merchant: &Merchant, associated_data: &str, text: &[u8]) -> (String, String) {
    let nonce = random::alphanumeric(12);
    let mut bytes = [0; 12];
    bytes.copy_from_slice(nonce.as_bytes());
    (nonce, aead::encrypt(merchant.api_v3_key(), &bytes, associated_data, text))
}
