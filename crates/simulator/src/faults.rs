//! What goes wrong on the way to WeChat and back, on demand.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::StreamExt;
use http_body_util::BodyExt;
use serde::{Deserialize, Serialize};

use crate::{login::ApiError, random, world::Shared};

/// Endpoints that take faults: the path's last part.
const ENDPOINTS: &[&str] = &[
    "authorize",
    "access_token",
    "refresh_token",
    "userinfo",
    "auth",
    "jscode2session",
    "token",
    "stable_token",
    "getticket",
    "getuserphonenumber",
    "unifiedorder",
    "orderquery",
    "closeorder",
    "refund",
    "refundquery",
    "report",
    "micropay",
    "reverse",
    "downloadbill",
    "downloadfundflow",
    "jsapi",
    "native",
    "h5",
    "app",
    "codepay",
    "out-trade-no",
    "id",
    "close",
    "refunds",
    "apply-abnormal-refund",
    "certificates",
    "tradebill",
    "fundflowbill",
    "file",
    "preVerifyJSAPI",
    "getBrandWCPayRequest",
];

/// Endpoints that sign what they answer.
const SIGNED: &[&str] =
    &["unifiedorder", "orderquery", "closeorder", "refund", "refundquery", "report", "micropay", "reverse"];

/// Endpoints of Pay that answer a file, or in words of their own why there is none.
const FILES: &[&str] = &["downloadbill", "downloadfundflow"];

/// Endpoints whose answer tells the hash of a file.
const HASHED: &[&str] = &["tradebill", "fundflowbill"];

/// Those of V3. Where a number ends the path, the word before it is the name.
const V3: &[&str] = &[
    "jsapi",
    "native",
    "h5",
    "app",
    "codepay",
    "reverse",
    "out-trade-no",
    "id",
    "close",
    "refunds",
    "apply-abnormal-refund",
    "certificates",
    "tradebill",
    "fundflowbill",
];

/// Calls of the phone's bridge.
const BRIDGE: [&str; 2] = ["preVerifyJSAPI", "getBrandWCPayRequest"];

/// Seconds that a time-out lasts where the fault names none.
const TIMEOUT_S: u64 = 60;

/// Seconds that a delay lasts where the fault names none.
const DELAY_S: u64 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// The connection is closed without an answer; nothing was done.
    Refuse,
    /// The answer is late.
    Delay,
    /// No answer, and nothing was done.
    TimeoutBefore,
    /// No answer, but it was done.
    TimeoutAfter,
    /// The connection is closed without an answer, but it was done.
    HangUpAfter,
    /// HTTP 500; nothing was done.
    #[serde(rename = "http_500")]
    Http500,
    /// HTTP 502 with a page of HTML; nothing was done.
    #[serde(rename = "http_502")]
    Http502,
    /// `-1`, or a signed `SYSTEMERROR`; nothing was done.
    SystemError,
    /// The same, but it was done.
    SystemErrorAfter,
    /// The documented answer with the code and message that the fault names; nothing was done.
    Error,
    /// Payment endpoints: an answer without a signature. V2: `return_code` FAIL with the message that the fault names; V3:
    /// its code and message. Nothing was done.
    UnsignedError,
    /// A page of HTML with the HTTP status that the fault names, as a proxy or a firewall sends it; nothing was done.
    HttpStatus,
    /// The answer's `sign` is not its own.
    WrongSignature,
    /// V3: the answer's `Wechatpay-Serial` is nobody's.
    UnknownSerial,
    /// V3: the answer was signed more than five minutes ago.
    StaleTime,
    /// V3: the answer was signed more than five minutes from now.
    FutureTime,
    /// V3: a signature that begins with `WECHATPAY/SIGNTEST/`.
    Signtest,
    /// V3: the answer tells another file's hash.
    WrongHash,
    /// The login hands out the code that this person's last login was given: clients that ask twice get it twice.
    SameCode,
    /// The answer ends in the middle.
    TruncatedBody,
    /// The bridge never calls back.
    CallbackNever,
}

/// `POST /_simulator/faults`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    pub(crate) endpoint: String,
    pub(crate) kind: Kind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) times: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) probability: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) seconds: Option<u64>,
    /// Of [`Kind::HttpStatus`]: 300 to 599.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<String>,
}

impl Fault {
    fn applies_to(&self, endpoint: &str) -> bool {
        self.endpoint == endpoint || (self.endpoint == "*" && !BRIDGE.contains(&endpoint))
    }

    /// What is wrong with the fault, if it cannot happen.
    pub(crate) fn check(&self) -> Result<(), String> {
        let endpoint = self.endpoint.as_str();
        if endpoint != "*" && !ENDPOINTS.contains(&endpoint) {
            return Err(format!("unknown endpoint {endpoint:?}"));
        }
        let fits = match self.kind {
            Kind::Refuse | Kind::Delay => true,
            Kind::CallbackNever => BRIDGE.contains(&endpoint),
            Kind::SameCode => endpoint == "authorize",
            Kind::WrongHash => HASHED.contains(&endpoint),
            Kind::HttpStatus if !self.status.is_some_and(|status| (300..600).contains(&status)) => {
                return Err("http_status has a status from 300 to 599".to_owned());
            }
            Kind::UnsignedError => SIGNED.contains(&endpoint) || V3.contains(&endpoint),
            Kind::WrongSignature => SIGNED.contains(&endpoint) || V3.contains(&endpoint),
            Kind::UnknownSerial | Kind::StaleTime | Kind::FutureTime | Kind::Signtest => {
                V3.contains(&endpoint)
            }
            _ => !BRIDGE.contains(&endpoint),
        };
        if !fits {
            return Err(format!("{endpoint} cannot fail in this way"));
        }
        if self.times == Some(0) || self.probability.is_some_and(|p| !(0.0..=1.0).contains(&p)) {
            return Err("times is at least 1, probability is from 0 to 1".to_owned());
        }
        Ok(())
    }

    /// How long a [`Kind::Delay`] lasts.
    pub(crate) fn delay(&self) -> Duration {
        Duration::from_secs(self.seconds.unwrap_or(DELAY_S))
    }

    /// How long the other side waits in vain.
    fn timeout(&self) -> Duration {
        Duration::from_secs(self.seconds.unwrap_or(TIMEOUT_S))
    }
}

/// The faults that are to come, first come, first served.
#[derive(Default)]
pub(crate) struct Faults(pub(crate) Vec<Fault>);

impl Faults {
    /// The fault that this call runs into.
    pub(crate) fn take(&mut self, endpoint: &str) -> Option<Fault> {
        let at = self
            .0
            .iter()
            .position(|fault| fault.applies_to(endpoint) && fault.probability.is_none_or(random::happens))?;
        let fault = self.0.get_mut(at)?;
        match &mut fault.times {
            Some(1) => Some(self.0.remove(at)),
            Some(times) => {
                *times -= 1;
                Some(fault.clone())
            }
            None => Some(fault.clone()),
        }
    }
}

/// Marks an answer that never leaves: the connection is closed instead.
#[derive(Clone)]
pub(crate) struct HangUp;

/// The path's last part; in V3 the last that is no number of an order or a refund.
fn endpoint_of(path: &str) -> &str {
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    match parts.as_slice() {
        ["v3", "pay", "transactions", "out-trade-no", _, "close"] => "close",
        ["v3", "pay", "transactions", name @ ("out-trade-no" | "id"), _] => name,
        ["v3", "combine-transactions", "out-trade-no", _] => "out-trade-no",
        ["v3", "refund", "domestic", "refunds", _] => "refunds",
        parts => parts.last().copied().unwrap_or_default(),
    }
}

fn hang_up() -> Response {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(HangUp);
    response
}

/// Around every endpoint of WeChat's servers.
pub(crate) async fn layer(State(world): State<Shared>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let endpoint = endpoint_of(path);
    let answers_itself = SIGNED.contains(&endpoint) || FILES.contains(&endpoint) || path.starts_with("/v3/");
    let Some(fault) = world.look().faults.take(endpoint) else {
        return next.run(request).await;
    };
    tracing::info!(endpoint, kind = ?fault.kind, "a fault, as ordered");
    match fault.kind {
        Kind::Refuse => hang_up(),
        Kind::Delay => {
            tokio::time::sleep(fault.delay()).await;
            next.run(request).await
        }
        Kind::TimeoutBefore => {
            tokio::time::sleep(fault.timeout()).await;
            hang_up()
        }
        Kind::TimeoutAfter => {
            next.run(request).await;
            tokio::time::sleep(fault.timeout()).await;
            hang_up()
        }
        Kind::HangUpAfter => {
            next.run(request).await;
            hang_up()
        }
        Kind::Http500 => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Kind::Http502 => bad_gateway(),
        Kind::HttpStatus => html_page(fault.status.unwrap_or(500)),
        Kind::TruncatedBody => truncated(next.run(request).await).await,
        // the pay endpoints sign what they answer, so they do these themselves
        Kind::SystemError
        | Kind::SystemErrorAfter
        | Kind::Error
        | Kind::UnsignedError
        | Kind::WrongSignature
        | Kind::UnknownSerial
        | Kind::StaleTime
        | Kind::FutureTime
        | Kind::Signtest
        | Kind::WrongHash
            if answers_itself =>
        {
            request.extensions_mut().insert(fault);
            next.run(request).await
        }
        Kind::SameCode => {
            request.extensions_mut().insert(fault);
            next.run(request).await
        }
        Kind::SystemErrorAfter => {
            next.run(request).await;
            ApiError::BUSY.into_response()
        }
        Kind::Error => ApiError::custom(fault.code.as_deref(), fault.message.as_deref()).into_response(),
        Kind::SystemError => ApiError::BUSY.into_response(),
        // no fault of this kind is taken for an endpoint of this kind
        Kind::UnsignedError
        | Kind::WrongSignature
        | Kind::UnknownSerial
        | Kind::StaleTime
        | Kind::FutureTime
        | Kind::Signtest
        | Kind::WrongHash
        | Kind::CallbackNever => next.run(request).await,
    }
}

fn bad_gateway() -> Response {
    let page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
                <center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";
    (StatusCode::BAD_GATEWAY, [(header::CONTENT_TYPE, "text/html")], page).into_response()
}

/// What stands before WeChat's servers answers by itself.
fn html_page(status: u16) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let page = format!("<html>\r\n<body>\r\n<center><h1>{status}</h1></center>\r\n</body>\r\n</html>\r\n");
    (status, [(header::CONTENT_TYPE, "text/html")], page).into_response()
}

/// The head as it is, half of the body, and then the connection's end.
async fn truncated(response: Response) -> Response {
    let (mut head, body) = response.into_parts();
    let Ok(body) = body.collect().await.map(http_body_util::Collected::to_bytes) else {
        return hang_up();
    };
    head.headers.append(header::CONTENT_LENGTH, body.len().into());
    let half = body.slice(..body.len() / 2);
    let cut = std::io::Error::new(std::io::ErrorKind::ConnectionReset, "cut, as ordered");
    let end = async {
        // an error at once would take what was not yet sent with it
        tokio::time::sleep(Duration::from_millis(100)).await;
        Err(cut)
    };
    let chunks = futures::stream::iter([Ok::<Bytes, _>(half)]).chain(futures::stream::once(end));
    Response::from_parts(head, Body::from_stream(chunks))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(endpoint: &str, times: Option<u32>) -> Fault {
        let text = serde_json::json!({ "endpoint": endpoint, "kind": "refuse", "times": times });
        serde_json::from_value(text).unwrap()
    }

    #[test]
    fn a_fault_happens_as_often_as_it_says() {
        let mut faults = Faults(vec![fault("orderquery", Some(2))]);
        assert!(faults.take("unifiedorder").is_none());
        assert!(faults.take("orderquery").is_some());
        assert!(faults.take("orderquery").is_some());
        assert!(faults.take("orderquery").is_none());
    }

    #[test]
    fn a_fault_without_a_number_happens_until_it_is_cleared() {
        let mut faults = Faults(vec![fault("*", None)]);
        assert!((0..100).all(|_| faults.take("token").is_some()));
    }
}
