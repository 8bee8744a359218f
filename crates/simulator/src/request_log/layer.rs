//! Writes the request log.

use std::{sync::Arc, time::Instant};

use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::BodyExt;
use serde_json::Value;

use super::{Entry, Verdict, entry::error_of, redact};
use crate::{
    app_state::SharedState,
    diagnosis::Diagnosis,
    faults::{FaultApplied, FaultKind, HangUp},
};

/// How much of a body is kept, in bytes.
const MAX_BODY: usize = 8 * 1024;

/// The longest request body that is read, in bytes. The handlers have the same limit.
const MAX_REQUEST: usize = 2 * 1024 * 1024;

/// The headers that are kept.
const HEADERS: [&str; 6] =
    ["accept", "authorization", "content-type", "host", "user-agent", "wechatpay-serial"];

/// Adds its entry when it is dropped, so that a request whose client hangs up has an entry, too.
struct Pending {
    app: SharedState,
    entry: Option<Entry>,
    began: Instant,
}

impl Drop for Pending {
    fn drop(&mut self) {
        if let Some(mut entry) = self.entry.take() {
            entry.milliseconds = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
            if let Some(diagnosis) = &entry.diagnosis {
                let (path, mistakes) = (entry.path.as_str(), diagnosis.mistakes.join(","));
                tracing::warn!(
                    method = entry.method,
                    path,
                    mistakes,
                    "wrong signature: {}",
                    diagnosis.sentence
                );
            }
            self.app.requests.add(entry);
        }
    }
}

/// Keeps each request with its answer.
pub(crate) async fn log_layer(State(app): State<SharedState>, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let merchants = app.merchants();
    let mut entry = begun(&head, &merchants.secrets);
    let Ok(body) = axum::body::to_bytes(body, MAX_REQUEST).await else {
        return axum::http::StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    entry.request = kept(&head.headers, &body, |body| redact::request(&merchants.secrets, body));
    let mut pending = Pending { app: Arc::clone(&app), entry: Some(entry), began: Instant::now() };
    let response = next.run(Request::from_parts(head, Body::from(body))).await;
    let Some(entry) = pending.entry.as_mut() else { return response };
    finish(entry, response, &merchants.secrets).await
}

fn begun(head: &Parts, secrets: &[String]) -> Entry {
    let path = head.uri.path_and_query().map_or(head.uri.path(), |path| path.as_str());
    let mut entry = Entry::new(head.method.as_str(), &redact::url(secrets, path));
    for name in HEADERS {
        if let Some(value) = head.headers.get(name) {
            let value = String::from_utf8_lossy(value.as_bytes());
            let value = if name == "authorization" {
                redact::authorization(secrets, &value)
            } else {
                value.into_owned()
            };
            entry.headers.insert(name, value);
        }
    }
    entry
}

/// Reads the answer into the entry.
async fn finish(entry: &mut Entry, response: Response, secrets: &[String]) -> Response {
    let extensions = response.extensions();
    let fault = extensions.get::<FaultApplied>().map(|fault| fault.0);
    entry.diagnosis = extensions.get::<Diagnosis>().cloned();
    let hung_up = extensions.get::<HangUp>().is_some();
    if let Some(kind) = fault {
        entry.verdict = Verdict::Fault;
        entry.reason = serde_json::to_value(kind).ok().and_then(|kind| kind.as_str().map(str::to_owned));
    }
    if hung_up {
        return response;
    }
    let status = response.status().as_u16();
    entry.status = Some(status);
    // the fault cuts this body off on purpose
    if fault == Some(FaultKind::TruncatedBody) {
        return response;
    }
    let (head, body) = response.into_parts();
    let Ok(body) = body.collect().await.map(http_body_util::Collected::to_bytes) else {
        return Response::from_parts(head, Body::empty());
    };
    entry.answer = kept(&head.headers, &body, |body| redact::answer(secrets, body));
    let error = error_of(status, &body);
    if entry.diagnosis.is_some() {
        entry.verdict = Verdict::WrongSignature;
    } else if fault.is_none() {
        entry.verdict = if error.is_some() { Verdict::Refused } else { Verdict::Accepted };
    }
    entry.reason = entry.reason.take().or(error);
    Response::from_parts(head, Body::from(body))
}

/// The text of a body, or its length if it is not text.
fn kept(headers: &HeaderMap, body: &Bytes, redact: impl Fn(&str) -> String) -> String {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    match std::str::from_utf8(body) {
        // a page may contain a login code in a link
        Ok(_) if kind.starts_with("text/html") => format!("({} bytes of {kind})", body.len()),
        Ok(text) => {
            let mut text = redact(text);
            if text.len() > MAX_BODY {
                text.truncate(text.floor_char_boundary(MAX_BODY));
                text.push('…');
            }
            text
        }
        Err(_) => format!("({} bytes of {kind})", body.len()),
    }
}

/// Records a call of the phone's bridge that has a signature. `result` is the result for the page.
pub(crate) fn record_bridge_call(
    app: &SharedState,
    name: &str,
    url: &str,
    args: &Value,
    result: &Value,
    diagnosis: Option<Diagnosis>,
) {
    let secrets = &app.merchants().secrets;
    let mut entry = Entry::new("BRIDGE", name);
    entry.request = redact::request(secrets, &args.to_string());
    entry.headers.insert("page", redact::url(secrets, url));
    entry.answer = redact::answer(secrets, &result.to_string());
    entry.status = Some(200);
    let message = result["err_msg"].as_str().unwrap_or_default();
    let failed = [":fail", "invalid", "denied"].iter().any(|word| message.contains(word));
    entry.verdict = match (&diagnosis, failed) {
        (Some(_), _) => Verdict::WrongSignature,
        (None, true) => Verdict::Refused,
        (None, false) => Verdict::Accepted,
    };
    entry.reason = failed.then(|| result["err_desc"].as_str().unwrap_or(message).to_owned());
    entry.diagnosis = diagnosis;
    drop(Pending { app: Arc::clone(app), entry: Some(entry), began: Instant::now() });
}
