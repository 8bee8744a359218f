//! WeChat Pay V3.

mod abnormal_refund;
mod authorization;
mod bill;
mod calls;
mod certificates;
mod close_order;
mod codepay;
mod combined_orders;
mod complaints;
mod error;
mod field_tables;
mod fields;
mod order_query;
mod partner;
mod prepay;
mod refunds;
mod response;
mod response_signer;

use std::borrow::Cow;

use axum::{
    Extension, Router,
    body::Bytes,
    extract::{OriginalUri, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::any,
};
use percent_encoding::percent_decode_str;
use serde_json::Value;

pub(crate) use certificates::encrypt;
pub(crate) use combined_orders::transaction as combined_transaction;
pub(crate) use order_query::transaction;
pub(crate) use refunds::notified as refund_notified;
pub(crate) use response_signer::{ResponseSigner, SignatureFault};

use crate::{
    account::Merchant,
    app_state::{AppState, SharedState},
    base_url::BaseUrl,
    faults::{Fault, FaultKind},
    merchants::ActiveMerchant,
    pay::has_four_byte_character,
    query::Query,
};
use calls::{Handler, handler_of};
use error::V3Error;

/// The result of a call. `None` is status 204 without a body.
type Answer = Result<Option<Value>, V3Error>;

/// A request with a valid signature.
struct Request<'a> {
    path: &'a str,
    query: Query,
    body: &'a [u8],
    by_public_key: bool,
    /// The merchant that signed.
    active: &'a ActiveMerchant,
    /// Whether the request names the key that encrypted its fields.
    names_key: bool,
    /// The base of the addresses in the response.
    base_url: &'a BaseUrl,
}

impl Request<'_> {
    fn merchant(&self) -> &Merchant {
        &self.active.merchant
    }

    fn mch_id(&self) -> &str {
        &self.active.merchant.mch_id
    }

    /// Reads the body and checks it against a table.
    fn json(&self, table: &[fields::Field]) -> Result<Value, V3Error> {
        let body: Value =
            serde_json::from_slice(self.body).map_err(|_| V3Error::param("请求体不是合法的JSON"))?;
        // serde_json writes characters without escapes, so the check also finds escaped ones
        if has_four_byte_character(&body.to_string()) {
            return Err(V3Error::param("请求内容传入了非UTF8参数"));
        }
        fields::check(table, &body, "")?;
        Ok(body)
    }
}

/// `/v3/*`.
pub(crate) fn routes() -> Router<SharedState> {
    Router::new().route("/v3/{*path}", any(endpoint))
}

async fn endpoint(
    State(app): State<SharedState>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    base_url: BaseUrl,
    fault: Option<Extension<Fault>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    // the signature covers the path as it was sent; a number in it may be escaped, `A%7C1` for `A|1`
    let path = percent_decode_each(uri.path());
    let path: Vec<&str> = path.iter().map(AsRef::as_ref).collect();
    let handler = match handler_of(&path, &method) {
        Ok(handler) => handler,
        Err(status) => return status.into_response(),
    };
    let url = uri.path_and_query().map_or(uri.path(), |url| url.as_str());
    let signed = authorization::check(&app, method.as_str(), url, &headers, &body);
    if let Err(error) = check_before_authorization(uri.path(), &headers) {
        // the response also explains a wrong signature
        let diagnosis = signed.err().and_then(|error| error.diagnosis);
        return response::unsigned(&V3Error { diagnosis, ..error });
    }
    let active = match signed {
        Ok(active) => active,
        // WeChat does not sign the response for an unknown merchant
        Err(error) => return response::unsigned(&error),
    };
    let by_public_key = match signing_key(&app, &active, &headers) {
        Ok(by_public_key) => by_public_key,
        Err(error) => return response::signed(&active.signer, false, Err(error), None),
    };
    let query = Query::parse(uri.query());
    let request = Request {
        path: uri.path(),
        query,
        body: &body,
        by_public_key,
        active: &active,
        names_key: asked_serial(&headers).is_some(),
        base_url: &base_url,
    };
    let fault = fault.as_deref();
    if let Some(fault) = fault.filter(|fault| fault.kind == FaultKind::UnsignedError) {
        let code = fault.code.clone().unwrap_or_else(|| "SIGN_ERROR".to_owned());
        return response::unsigned(&custom(Some(&Fault { code: Some(code), ..fault.clone() })));
    }
    let call = || {
        check_headers(&method, &headers)?;
        handler.answer(&app, &request)
    };
    if let (Handler::Bytes(download), None) = (&handler, fault) {
        return download(&app, &request).unwrap_or_else(|error| response::unsigned(&error));
    }
    let mut answer = match fault.map(|fault| fault.kind) {
        Some(FaultKind::SystemError) => Err(V3Error::busy()),
        Some(FaultKind::Error) => Err(custom(fault)),
        Some(FaultKind::SystemErrorAfter) => {
            let _ = call();
            Err(V3Error::busy())
        }
        _ => call(),
    };
    if let (Some(FaultKind::WrongHash), Ok(Some(body))) = (fault.map(|fault| fault.kind), &mut answer)
        && body.get("hash_value").is_some()
    {
        body["hash_value"] = "0".repeat(40).into();
    }
    response::signed(&active.signer, by_public_key, answer, fault.and_then(signature_fault))
}

/// The parts of a path, decoded. A part that is not UTF-8 cannot name anything of WeChat Pay.
fn percent_decode_each(path: &str) -> Vec<Cow<'_, str>> {
    path.trim_start_matches('/').split('/').map(|part| percent_decode_str(part).decode_utf8_lossy()).collect()
}

/// Certificates and refunds check these headers before the signature (wechat-protocol-2.md, 12).
fn check_before_authorization(path: &str, headers: &HeaderMap) -> Result<(), V3Error> {
    let checked = path == "/v3/certificates" || path.starts_with("/v3/refund/");
    if checked && [header::ACCEPT, header::USER_AGENT].iter().any(|name| !headers.contains_key(name)) {
        let message = "Http头缺少Accept或User-Agent";
        return Err(V3Error::new(StatusCode::BAD_REQUEST, "INVALID_REQUEST", message, 268_435_461));
    }
    Ok(())
}

fn check_headers(method: &Method, headers: &HeaderMap) -> Result<(), V3Error> {
    let get = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let accept = get(header::ACCEPT);
    if !["application/json", "*/*", "application/*"].iter().any(|kind| accept.contains(kind)) {
        return Err(V3Error::new(
            StatusCode::NOT_ACCEPTABLE,
            "PARAM_ERROR",
            "Http头Accept必须包含application/json",
            268_435_461,
        ));
    }
    if get(header::USER_AGENT).is_empty() {
        return Err(V3Error::param("Http头缺少User-Agent"));
    }
    if [Method::POST, Method::PUT].contains(method)
        && !get(header::CONTENT_TYPE).starts_with("application/json")
    {
        return Err(V3Error::param("Http头Content-Type必须是application/json"));
    }
    Ok(())
}

/// The serial of the key that the request names. The official Java SDK sends an empty header in certificate mode,
/// which means no serial.
fn asked_serial(headers: &HeaderMap) -> Option<&HeaderValue> {
    headers.get("wechatpay-serial").filter(|serial| !serial.is_empty())
}

/// Whether the public key signs the response. An error if the request names an unknown key.
fn signing_key(app: &AppState, active: &ActiveMerchant, headers: &HeaderMap) -> Result<bool, V3Error> {
    use crate::account::PlatformKeys;

    let keys = app.settings().platform_keys(&active.merchant);
    let (only, none) = (keys == PlatformKeys::PublicKey, keys == PlatformKeys::NotStarted);
    let Some(serial) = asked_serial(headers) else { return Ok(only) };
    let known = serial.to_str().ok().and_then(|serial| active.signer.is_public_key(serial));
    match known {
        Some(by_public_key) if (by_public_key && !none) || (!by_public_key && !only) => Ok(by_public_key),
        _ => Err(V3Error::param("平台证书序列号Wechatpay-Serial错误")),
    }
}

/// The error of a fault. Its code determines the status.
fn custom(fault: Option<&Fault>) -> V3Error {
    let code = fault.and_then(|fault| fault.code.as_deref()).unwrap_or("SYSTEM_ERROR");
    let status = match code {
        "SIGN_ERROR" => StatusCode::UNAUTHORIZED,
        "NO_AUTH"
        | "NOAUTH"
        | "OUT_TRADE_NO_USED"
        | "RULELIMIT"
        | "RULE_LIMIT"
        | "TRADE_ERROR"
        | "NOTENOUGH"
        | "NOT_ENOUGH"
        | "ACCOUNTERROR"
        | "ACCOUNT_ERROR"
        | "USER_ACCOUNT_ABNORMAL" => StatusCode::FORBIDDEN,
        "ORDERNOTEXIST" | "ORDER_NOT_EXIST" | "RESOURCE_NOT_EXISTS" => StatusCode::NOT_FOUND,
        "FREQUENCY_LIMITED" => StatusCode::TOO_MANY_REQUESTS,
        "USERPAYING" => StatusCode::ACCEPTED,
        "SYSTEM_ERROR"
        | "SYSTEMERROR"
        | "BANKERROR"
        | "BANK_ERROR"
        | "OPENID_MISMATCH"
        | "INVALID_TRANSACTIONID" => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    };
    let message = fault.and_then(|fault| fault.message.as_deref()).unwrap_or("系统异常");
    V3Error::new(status, code, message, 268_435_456)
}

fn signature_fault(fault: &Fault) -> Option<SignatureFault> {
    match fault.kind {
        FaultKind::WrongSignature => Some(SignatureFault::Signature),
        FaultKind::UnknownSerial => Some(SignatureFault::UnknownSerial),
        FaultKind::StaleTime => Some(SignatureFault::StaleTime),
        FaultKind::FutureTime => Some(SignatureFault::FutureTime),
        FaultKind::Signtest => Some(SignatureFault::Probe),
        _ => None,
    }
}
