//! Finds the call for a path.

use axum::{
    http::{Method, StatusCode},
    response::Response,
};

use super::{
    Answer, Request, V3Error, abnormal_refund, bill, certificates, close_order, codepay, combined_orders,
    complaints, order_query, prepay, refunds,
};
use crate::app_state::AppState;

type JsonCall<'a> = Box<dyn Fn(&AppState, &Request<'_>) -> Answer + Send + Sync + 'a>;

/// The kind of a call.
pub(super) enum Handler<'a> {
    /// A call with a signed answer in JSON.
    Json(JsonCall<'a>),
    /// A file without a signature: a bill, or a picture of a complaint.
    Bytes(fn(&AppState, &Request<'_>) -> Result<Response, V3Error>),
}

impl<'a> Handler<'a> {
    pub(super) fn json(call: impl Fn(&AppState, &Request<'_>) -> Answer + Send + Sync + 'a) -> Self {
        Self::Json(Box::new(call))
    }

    /// The answer in JSON; of a file, an empty one.
    pub(super) fn answer(&self, app: &AppState, request: &Request<'_>) -> Answer {
        match self {
            Self::Json(call) => call(app, request),
            Self::Bytes(_) => Ok(None),
        }
    }
}

/// The call of a request. For an unknown path or method, an error with the status of the empty response
/// (wechat-protocol-2.md, 12).
pub(super) fn handler_of<'a>(path: &'a [&'a str], method: &Method) -> Result<Handler<'a>, StatusCode> {
    let calls = calls_of(path);
    if calls.is_empty() {
        return Err(StatusCode::NOT_FOUND);
    }
    let found = calls.into_iter().find(|(known, _)| known == method);
    found.map(|(_, handler)| handler).ok_or(StatusCode::METHOD_NOT_ALLOWED)
}

/// The calls of a path with their methods. Empty if WeChat Pay does not have the path.
fn calls_of<'a>(path: &'a [&'a str]) -> Vec<(Method, Handler<'a>)> {
    let one = match path {
        ["v3", "certificates"] => get(certificates::call),
        ["v3", "pay", "transactions", way @ ("jsapi" | "native" | "h5" | "app")]
        | ["v3", "pay", "partner", "transactions", way @ ("jsapi" | "native" | "h5" | "app")] => {
            post(move |app, request| prepay::call(app, way, request))
        }
        ["v3", "pay", "transactions", "codepay"] => post(codepay::pay),
        ["v3", "pay", "transactions", "out-trade-no", number, "reverse"] => {
            post(move |app, request| codepay::reverse(app, number, request))
        }
        ["v3", "pay", "transactions", "out-trade-no", number]
        | ["v3", "pay", "partner", "transactions", "out-trade-no", number] => {
            get(move |app, request| order_query::by_number(app, number, request))
        }
        ["v3", "pay", "transactions", "id", number]
        | ["v3", "pay", "partner", "transactions", "id", number] => {
            get(move |app, request| order_query::by_transaction(app, number, request))
        }
        ["v3", "pay", "transactions", "out-trade-no", number, "close"]
        | ["v3", "pay", "partner", "transactions", "out-trade-no", number, "close"] => {
            post(move |app, request| close_order::call(app, number, request))
        }
        ["v3", "combine-transactions", way @ ("jsapi" | "native" | "h5" | "app")] => {
            post(move |app, request| combined_orders::create(app, way, request))
        }
        ["v3", "combine-transactions", "out-trade-no", number] => {
            get(move |app, request| combined_orders::query(app, number, request))
        }
        ["v3", "combine-transactions", "out-trade-no", number, "close"] => {
            post(move |app, request| combined_orders::close(app, number, request))
        }
        ["v3", "bill", "tradebill"] => get(bill::trade),
        ["v3", "bill", "fundflowbill"] => get(bill::fund_flow),
        ["v3", "billdownload", "file"] => (Method::GET, Handler::Bytes(bill::download)),
        ["v3", "refund", "domestic", "refunds"] => post(refunds::create),
        ["v3", "refund", "domestic", "refunds", number, "apply-abnormal-refund"] => {
            post(move |app, request| abnormal_refund::call(app, number, request))
        }
        ["v3", "refund", "domestic", "refunds", number] => {
            get(move |app, request| refunds::query(app, number, request))
        }
        ["v3", "merchant-service", rest @ ..] => return complaints::calls_of(rest),
        _ => return Vec::new(),
    };
    vec![one]
}

pub(super) fn get<'a>(
    call: impl Fn(&AppState, &Request<'_>) -> Answer + Send + Sync + 'a,
) -> (Method, Handler<'a>) {
    (Method::GET, Handler::json(call))
}

pub(super) fn post<'a>(
    call: impl Fn(&AppState, &Request<'_>) -> Answer + Send + Sync + 'a,
) -> (Method, Handler<'a>) {
    (Method::POST, Handler::json(call))
}
