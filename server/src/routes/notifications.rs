use std::time::Duration;

use axum::{
    body::to_bytes,
    extract::{Request, State},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use shop::{ApiVersion, NotificationOutcome};
use wechat::{
    pay::{
        v2::notification as v2,
        v3::{SignatureHeaders, notification as v3},
    },
    wire::xml::MAX_LENGTH,
};

use crate::state::AppState;

/// The path of payment notifications.
pub(super) const CALLBACK: &str = "/api/wechat/pay/callback";

/// The path of refund notifications. All three paths accept each kind of notification: the body says the kind.
pub(super) const REFUND_CALLBACK: &str = "/api/wechat/pay/refund-callback";

/// The path of notifications about complaints.
pub(super) const COMPLAINT_CALLBACK: &str = "/api/wechat/pay/complaint-callback";

/// The time limit for the body. WeChat needs less for some kilobytes.
const READ_WITHIN: Duration = Duration::from_secs(10);

/// `POST /api/wechat/pay/callback`, `…/refund-callback` and `…/complaint-callback`: hands the raw bytes to the shop. It
/// answers SUCCESS only after the shop has committed their content.
pub(super) async fn callback(State(state): State<AppState>, request: Request) -> Response {
    let (Parts { headers, .. }, body) = request.into_parts();
    let body = match tokio::time::timeout(READ_WITHIN, to_bytes(body, MAX_LENGTH)).await {
        Ok(Ok(body)) => body,
        Ok(Err(error)) => {
            tracing::warn!(%error, "a notification is too long or broke off");
            return refuse(ApiVersion::V2, StatusCode::PAYLOAD_TOO_LARGE, "报文过长");
        }
        Err(_) => return refuse(ApiVersion::V2, StatusCode::REQUEST_TIMEOUT, "报文未收全"),
    };
    let signature = SignatureHeaders::read(|name| headers.get(name).and_then(|value| value.to_str().ok()));
    let version = ApiVersion::of(&body);
    let outcome = state.shop.payments().notified(signature, &body).await;
    state.metrics.notified(version, &outcome);
    match outcome {
        NotificationOutcome::Acknowledged => acknowledge(version),
        NotificationOutcome::Refused(_) => refuse(version, StatusCode::BAD_REQUEST, "签名失败或报文有误"),
        NotificationOutcome::Discrepancy(_) => refuse(version, StatusCode::CONFLICT, "与订单不符"),
        NotificationOutcome::Busy => refuse(version, StatusCode::SERVICE_UNAVAILABLE, "系统繁忙"),
        NotificationOutcome::Failed => refuse(version, StatusCode::INTERNAL_SERVER_ERROR, "系统错误"),
    }
}

fn acknowledge(version: ApiVersion) -> Response {
    match version {
        ApiVersion::V2 => answer(version, StatusCode::OK, v2::acknowledge()),
        ApiVersion::V3 => answer(version, StatusCode::OK, v3::acknowledge().to_owned()),
    }
}

fn refuse(version: ApiVersion, status: StatusCode, message: &str) -> Response {
    let body = match version {
        ApiVersion::V2 => v2::refuse(message),
        ApiVersion::V3 => v3::refuse(message),
    };
    answer(version, status, body)
}

fn answer(version: ApiVersion, status: StatusCode, body: String) -> Response {
    let kind = match version {
        ApiVersion::V2 => "text/xml; charset=utf-8",
        ApiVersion::V3 => "application/json",
    };
    (status, [(header::CONTENT_TYPE, kind)], body).into_response()
}
