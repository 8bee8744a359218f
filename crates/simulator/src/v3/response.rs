//! The responses and their signature (wechat-protocol.md, 5.2).

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{Answer, ResponseSigner, SignatureFault, V3Error};
use crate::{diagnosis::attach, random};

pub(super) fn unsigned(error: &V3Error) -> Response {
    let response = response(error.status, error.body().to_string(), error.internal);
    attach(response, error.diagnosis.as_deref().cloned())
}

pub(super) fn signed(
    signer: &ResponseSigner,
    by_public_key: bool,
    answer: Answer,
    signature_fault: Option<SignatureFault>,
) -> Response {
    let (status, body, internal) = match answer {
        Ok(Some(body)) => (StatusCode::OK, body.to_string(), 0),
        Ok(None) => (StatusCode::NO_CONTENT, String::new(), 0),
        Err(error) => (error.status, error.body().to_string(), error.internal),
    };
    let headers = signer.headers(by_public_key, body.as_bytes(), signature_fault);
    let mut response = response(status, body, internal);
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

fn response(status: StatusCode, body: String, internal: u32) -> Response {
    let id = format!("{}-{internal}", random::hex(32).to_uppercase());
    let json = (header::CONTENT_TYPE, "application/json; charset=utf-8".to_owned());
    (status, [json, (header::HeaderName::from_static("request-id"), id)], body).into_response()
}
