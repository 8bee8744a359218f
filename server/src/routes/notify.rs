use std::time::Duration;

use axum::{
    body::to_bytes,
    extract::{Request, State},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use shop::{Generation, Notified};
use wechat::{
    pay::{
        v2::notification as v2,
        v3::{SignatureHeaders, notification as v3},
    },
    wire::xml::MAX_LENGTH,
};

use crate::state::AppState;

/// Where WeChat reports payments.
pub(super) const CALLBACK: &str = "/api/wechat/pay/callback";

/// Where WeChat reports refunds. Either address takes both: which it is, is seen from the body.
pub(super) const REFUND_CALLBACK: &str = "/api/wechat/pay/refund-callback";

/// A sender that needs longer for a few kilobytes is none of WeChat's.
const READ_WITHIN: Duration = Duration::from_secs(10);

/// `POST /api/wechat/pay/callback` and `…/refund-callback`: the raw bytes go to the shop; SUCCESS is said once what
/// they say is on disk.
pub(super) async fn callback(State(state): State<AppState>, request: Request) -> Response {
    let (Parts { headers, .. }, body) = request.into_parts();
    let body = match tokio::time::timeout(READ_WITHIN, to_bytes(body, MAX_LENGTH)).await {
        Ok(Ok(body)) => body,
        Ok(Err(error)) => {
            tracing::warn!(%error, "a notification is too long or broke off");
            return refuse(Generation::V2, StatusCode::PAYLOAD_TOO_LARGE, "报文过长");
        }
        Err(_) => return refuse(Generation::V2, StatusCode::REQUEST_TIMEOUT, "报文未收全"),
    };
    let signature = SignatureHeaders::read(|name| headers.get(name).and_then(|value| value.to_str().ok()));
    let generation = Generation::of(&body);
    let outcome = state.shop.notified(signature, &body).await;
    state.metrics.notified(generation, &outcome);
    match outcome {
        Notified::Acknowledged => acknowledge(generation),
        Notified::Refused(_) => refuse(generation, StatusCode::BAD_REQUEST, "签名失败或报文有误"),
        Notified::Different(_) => refuse(generation, StatusCode::CONFLICT, "与订单不符"),
        Notified::Busy => refuse(generation, StatusCode::SERVICE_UNAVAILABLE, "系统繁忙"),
        Notified::Failed => refuse(generation, StatusCode::INTERNAL_SERVER_ERROR, "系统错误"),
    }
}

fn acknowledge(generation: Generation) -> Response {
    match generation {
        Generation::V2 => answer(generation, StatusCode::OK, v2::acknowledge()),
        Generation::V3 => answer(generation, StatusCode::OK, v3::acknowledge().to_owned()),
    }
}

fn refuse(generation: Generation, status: StatusCode, message: &str) -> Response {
    let body = match generation {
        Generation::V2 => v2::refuse(message),
        Generation::V3 => v3::refuse(message),
    };
    answer(generation, status, body)
}

fn answer(generation: Generation, status: StatusCode, body: String) -> Response {
    let kind = match generation {
        Generation::V2 => "text/xml; charset=utf-8",
        Generation::V3 => "application/json",
    };
    (status, [(header::CONTENT_TYPE, kind)], body).into_response()
}
