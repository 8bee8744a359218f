//! `POST /pay/downloadfundflow` (wechat-protocol.md, 4.8). It requires the merchant's certificate and HMAC-SHA256.

use axum::{
    Extension,
    body::Bytes,
    extract::State,
    http::{HeaderName, Method, header},
    response::{IntoResponse, Response},
};
use sha1::{Digest, Sha1};
use wechat::wire::{Fields, sign::SignType};

use super::{
    CertificateOf,
    downloadbill::written,
    field_tables,
    xml_call::{self, RawRequest, Request, RequestError},
};
use crate::{
    app_state::SharedState,
    base_url::BaseUrl,
    bill::{Account, BillRequest, BillUnavailable, Kind},
    clock,
    diagnosis::attach,
    faults::{Fault, FaultKind},
};

/// `err_code` and `err_code_des`.
type Refusal = (String, String);

fn refusal(code: &str, message: &str) -> Refusal {
    (code.to_owned(), message.to_owned())
}

pub(super) async fn endpoint(
    State(app): State<SharedState>,
    method: Method,
    fault: Option<Extension<Fault>>,
    certificate: Option<Extension<CertificateOf>>,
    base_url: BaseUrl,
    body: Bytes,
) -> Response {
    let certificate = certificate.map(|Extension(certificate)| certificate);
    let raw = RawRequest { app: &app, method, body, base_url, certificate };
    let answer = answer(raw, fault.as_deref());
    answer.unwrap_or_else(refused)
}

/// An unsigned error: the documents do not mention a signature.
fn refused((code, message): Refusal) -> Response {
    xml_call::xml_response(
        &Fields::new()
            .with("return_code", "SUCCESS")
            .with("return_msg", "OK")
            .with("result_code", "FAIL")
            .with("err_code", code)
            .with("err_code_des", message),
    )
}

fn answer(raw: RawRequest<'_>, fault: Option<&Fault>) -> Result<Response, Refusal> {
    let app = raw.app;
    let read = xml_call::read(raw, field_tables::DOWNLOADFUNDFLOW, SignType::HmacSha256);
    let request = match read {
        Ok(request) => request,
        Err(RequestError::Signature(diagnosis)) => {
            return Ok(attach(refused(refusal("SIGNERROR", "签名错误")), diagnosis));
        }
        Err(RequestError::Field(wrong)) => return Err(refusal("PARAM_ERROR", &wrong.to_string())),
        Err(RequestError::Message(message)) => return Err(refusal("PARAM_ERROR", message)),
    };
    if let Some(fault) = fault {
        let ordered = Some(fault).filter(|fault| fault.kind == FaultKind::Error);
        let code = ordered.and_then(|fault| fault.code.as_deref()).unwrap_or("SYSTEMERROR");
        let message = ordered.and_then(|fault| fault.message.as_deref()).unwrap_or("下载失败");
        return Err(refusal(code, message));
    }
    let bill_request = read_request(&request).ok_or_else(|| refusal("PARAM_ERROR", "参数错误"))?;
    let file = bill_request.file(&app.database(), app.clock.now()).map_err(|why| match why {
        BillUnavailable::None => refusal("NO_BILL_EXIST", "账单不存在"),
        BillUnavailable::Creating => refusal("BILL_CREATING", "账单未生成"),
    })?;
    Ok(bill_response(bill_request.gzip, file))
}

/// The file and the hash of the sent bytes. The documents do not say whether WeChat hashes the compressed file.
fn bill_response(gzip: bool, file: String) -> Response {
    let (kind, bytes) = written(gzip, file);
    let digest = format!("SHA={}", hex::encode(Sha1::digest(&bytes)));
    ([(header::CONTENT_TYPE, kind.to_owned()), (HeaderName::from_static("digest"), digest)], bytes)
        .into_response()
}

fn read_request(request: &Request) -> Option<BillRequest> {
    Some(BillRequest {
        sub_mch_id: None,
        mch_id: request.mch_id().to_owned(),
        day: clock::parse_day("%Y%m%d", request.required("bill_date"))?,
        kind: Kind::FundFlow(Account::parse(request.required("account_type"))?),
        gzip: request.get("tar_type").is_some(),
    })
}
