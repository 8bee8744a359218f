//! `POST /pay/downloadbill` (wechat-protocol.md, 4.7): the file itself, or why there is none.

use axum::{
    Extension,
    body::Bytes,
    extract::State,
    http::{Method, header},
    response::{IntoResponse, Response},
};
use wechat::wire::{Fields, sign::SignType};

use super::{
    fields::{self, Wrong},
    message::{self, Request, Unread},
};
use crate::{
    bill::{Asked, Kind, TradeKind, Unready, packed},
    clock,
    faults::{Fault, Kind as FaultKind},
    reached::Reached,
    world::{Shared, World},
};

/// `return_msg` and `error_code`.
type Refusal = (String, &'static str);

pub(super) async fn endpoint(
    State(world): State<Shared>,
    method: Method,
    fault: Option<Extension<Fault>>,
    reached: Reached,
    body: Bytes,
) -> Response {
    answer(&world, fault.as_deref(), &method, &body, reached)
        .unwrap_or_else(|(message, code)| refused(&message, code))
}

fn answer(
    world: &World,
    fault: Option<&Fault>,
    method: &Method,
    body: &Bytes,
    reached: Reached,
) -> Result<Response, Refusal> {
    let request =
        message::read(method, body, fields::DOWNLOADBILL, SignType::Md5, reached).map_err(unread)?;
    if let Some(fault) = fault {
        let ordered = Some(fault).filter(|fault| fault.kind == FaultKind::Error);
        return Err((
            ordered.and_then(|fault| fault.message.clone()).unwrap_or_else(|| "SYSTEMERROR".to_owned()),
            "20100",
        ));
    }
    let asked = asked(&request).ok_or_else(|| ("data format error".to_owned(), "20001"))?;
    let file = asked.file(&world.look(), world.clock.now()).map_err(|why| match why {
        Unready::None => ("No Bill Exist".to_owned(), "20002"),
        Unready::Creating => ("Bill Creating".to_owned(), "20003"),
    })?;
    Ok(sent(asked.gzip, file))
}

fn asked(request: &Request) -> Option<Asked> {
    let kind = TradeKind::parse(request.get("bill_type").unwrap_or("ALL"))?;
    Some(Asked {
        day: clock::parse_day("%Y%m%d", request.required("bill_date"))?,
        kind: Kind::Trade(kind),
        gzip: request.get("tar_type").is_some(),
    })
}

fn unread(why: Unread) -> Refusal {
    let message = match why {
        Unread::Field(Wrong::Missing(_)) => "missing parameter".to_owned(),
        Unread::Field(Wrong::Format("bill_type")) => "invalid bill_type".to_owned(),
        Unread::Field(_) => "data format error".to_owned(),
        Unread::Signature => "SIGN ERROR".to_owned(),
        Unread::Message(message) => message.to_owned(),
    };
    (message, "20001")
}

fn refused(message: &str, code: &str) -> Response {
    message::xml_response(
        &Fields::new().with("return_code", "FAIL").with("return_msg", message).with("error_code", code),
    )
}

/// The file, packed if that was asked for.
fn sent(gzip: bool, file: String) -> Response {
    let (kind, bytes) = written(gzip, file);
    ([(header::CONTENT_TYPE, kind)], bytes).into_response()
}

/// The bytes of a bill as they are sent, and their type.
pub(super) fn written(gzip: bool, file: String) -> (&'static str, Vec<u8>) {
    if gzip {
        ("application/x-gzip", packed(&file))
    } else {
        ("text/plain; charset=utf-8", file.into_bytes())
    }
}
