//! `POST /pay/downloadbill` (wechat-protocol.md, 4.7): a file, or an error.

use axum::{
    Extension,
    body::Bytes,
    extract::State,
    http::{Method, header},
    response::{IntoResponse, Response},
};
use wechat::wire::{Fields, sign::SignType};

use super::{
    CertificateOf, field_tables,
    fields::FieldError,
    xml_call::{self, RawRequest, Request, RequestError},
};
use crate::{
    app_state::SharedState,
    base_url::BaseUrl,
    bill::{BillRequest, BillUnavailable, Kind, TradeKind, gzip_file},
    clock,
    diagnosis::attach,
    faults::{Fault, FaultKind},
};

/// `return_msg` and `error_code`.
type Refusal = (String, &'static str);

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
    answer(raw, fault.as_deref()).unwrap_or_else(|(message, code)| refused(&message, code))
}

fn answer(raw: RawRequest<'_>, fault: Option<&Fault>) -> Result<Response, Refusal> {
    let app = raw.app;
    let request = match xml_call::read(raw, field_tables::DOWNLOADBILL, SignType::Md5) {
        Ok(request) => request,
        Err(why) => {
            let (message, code) = unread(&why);
            return Ok(attach(refused(&message, code), why.diagnosis()));
        }
    };
    if let Some(fault) = fault {
        let ordered = Some(fault).filter(|fault| fault.kind == FaultKind::Error);
        return Err((
            ordered.and_then(|fault| fault.message.clone()).unwrap_or_else(|| "SYSTEMERROR".to_owned()),
            "20100",
        ));
    }
    let bill_request = read_request(&request).ok_or_else(|| ("data format error".to_owned(), "20001"))?;
    let file = bill_request.file(&app.database(), app.clock.now()).map_err(|why| match why {
        BillUnavailable::None => ("No Bill Exist".to_owned(), "20002"),
        BillUnavailable::Creating => ("Bill Creating".to_owned(), "20003"),
    })?;
    Ok(bill_response(bill_request.gzip, file))
}

fn read_request(request: &Request) -> Option<BillRequest> {
    let kind = TradeKind::parse(request.get("bill_type").unwrap_or("ALL"))?;
    Some(BillRequest {
        sub_mch_id: request.partner.as_ref().map(|partner| partner.sub_mch_id.clone()),
        mch_id: request.mch_id().to_owned(),
        day: clock::parse_day("%Y%m%d", request.required("bill_date"))?,
        kind: Kind::Trade(kind),
        gzip: request.get("tar_type").is_some(),
    })
}

fn unread(why: &RequestError) -> Refusal {
    let message = match why {
        RequestError::Field(FieldError::Missing(_)) => "missing parameter".to_owned(),
        RequestError::Field(FieldError::Format("bill_type")) => "invalid bill_type".to_owned(),
        RequestError::Field(_) => "data format error".to_owned(),
        RequestError::Signature(_) => "SIGN ERROR".to_owned(),
        RequestError::Message(message) => (*message).to_owned(),
    };
    (message, "20001")
}

fn refused(message: &str, code: &str) -> Response {
    xml_call::xml_response(
        &Fields::new().with("return_code", "FAIL").with("return_msg", message).with("error_code", code),
    )
}

/// The file, compressed on request.
fn bill_response(gzip: bool, file: String) -> Response {
    let (kind, bytes) = written(gzip, file);
    ([(header::CONTENT_TYPE, kind)], bytes).into_response()
}

/// The bytes of a bill and their content type.
pub(super) fn written(gzip: bool, file: String) -> (&'static str, Vec<u8>) {
    if gzip {
        ("application/x-gzip", gzip_file(&file))
    } else {
        ("text/plain; charset=utf-8", file.into_bytes())
    }
}
