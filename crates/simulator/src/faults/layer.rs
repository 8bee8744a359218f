//! The middleware that applies the faults.

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

use super::{
    Fault, FaultKind,
    endpoints::{FILES, SIGNED, endpoint_of},
};
use crate::{app_state::SharedState, login::ApiError};

/// Marks a response that must not be sent: the listener closes the connection instead.
#[derive(Clone)]
pub(crate) struct HangUp;

/// Marks a response that a fault has changed.
#[derive(Clone)]
pub(crate) struct FaultApplied(pub(crate) FaultKind);

fn hang_up() -> Response {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(HangUp);
    response
}

/// Applies the faults to every endpoint of WeChat.
pub(crate) async fn fault_layer(State(app): State<SharedState>, request: Request, next: Next) -> Response {
    let endpoint = endpoint_of(request.uri().path());
    let Some(fault) = app.database().faults.take(endpoint) else {
        return next.run(request).await;
    };
    tracing::info!(endpoint, kind = ?fault.kind, "applying a fault");
    let kind = fault.kind;
    let mut response = apply(fault, request, next).await;
    response.extensions_mut().insert(FaultApplied(kind));
    response
}

async fn apply(fault: Fault, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let endpoint = endpoint_of(path);
    let answers_itself = SIGNED.contains(&endpoint) || FILES.contains(&endpoint) || path.starts_with("/v3/");
    match fault.kind {
        FaultKind::Refuse => hang_up(),
        FaultKind::Delay => {
            tokio::time::sleep(fault.delay()).await;
            next.run(request).await
        }
        FaultKind::TimeoutBefore => {
            tokio::time::sleep(fault.timeout()).await;
            hang_up()
        }
        FaultKind::TimeoutAfter => {
            next.run(request).await;
            tokio::time::sleep(fault.timeout()).await;
            hang_up()
        }
        FaultKind::HangUpAfter => {
            next.run(request).await;
            hang_up()
        }
        FaultKind::Http500 => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        FaultKind::Http502 => bad_gateway(),
        FaultKind::HttpStatus => html_page(fault.status.unwrap_or(500)),
        FaultKind::TruncatedBody => truncated(next.run(request).await).await,
        // the payment endpoints sign their responses, so they apply these faults themselves
        FaultKind::SystemError
        | FaultKind::SystemErrorAfter
        | FaultKind::Error
        | FaultKind::UnsignedError
        | FaultKind::WrongSignature
        | FaultKind::UnknownSerial
        | FaultKind::StaleTime
        | FaultKind::FutureTime
        | FaultKind::Signtest
        | FaultKind::WrongHash
            if answers_itself =>
        {
            request.extensions_mut().insert(fault);
            next.run(request).await
        }
        FaultKind::SameCode => {
            request.extensions_mut().insert(fault);
            next.run(request).await
        }
        FaultKind::SystemErrorAfter => {
            next.run(request).await;
            ApiError::BUSY.into_response()
        }
        FaultKind::Error => ApiError::custom(fault.code.as_deref(), fault.message.as_deref()).into_response(),
        FaultKind::SystemError => ApiError::BUSY.into_response(),
        // `Fault::check` does not allow these kinds for these endpoints
        FaultKind::UnsignedError
        | FaultKind::WrongSignature
        | FaultKind::UnknownSerial
        | FaultKind::StaleTime
        | FaultKind::FutureTime
        | FaultKind::Signtest
        | FaultKind::WrongHash
        | FaultKind::CallbackNever => next.run(request).await,
    }
}

fn bad_gateway() -> Response {
    let page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
                <center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";
    (StatusCode::BAD_GATEWAY, [(header::CONTENT_TYPE, "text/html")], page).into_response()
}

/// The page of a proxy in front of WeChat's servers.
fn html_page(status: u16) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let page = format!("<html>\r\n<body>\r\n<center><h1>{status}</h1></center>\r\n</body>\r\n</html>\r\n");
    (status, [(header::CONTENT_TYPE, "text/html")], page).into_response()
}

/// Sends the headers and half of the body, then closes the connection.
async fn truncated(response: Response) -> Response {
    let (mut head, body) = response.into_parts();
    let Ok(body) = body.collect().await.map(http_body_util::Collected::to_bytes) else {
        return hang_up();
    };
    head.headers.append(header::CONTENT_LENGTH, body.len().into());
    let half = body.slice(..body.len() / 2);
    let cut = std::io::Error::new(std::io::ErrorKind::ConnectionReset, "cut by a fault");
    let end = async {
        // hyper discards unsent bytes at an error, so wait until the first half is sent
        tokio::time::sleep(Duration::from_millis(100)).await;
        Err(cut)
    };
    let chunks = futures::stream::iter([Ok::<Bytes, _>(half)]).chain(futures::stream::once(end));
    Response::from_parts(head, Body::from_stream(chunks))
}
