use std::time::Duration;

use axum::{
    body::{Body, to_bytes},
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use shop::Notified;
use wechat::{
    pay::v2::notification::{acknowledge, refuse},
    wire::xml::MAX_LENGTH,
};

use crate::state::AppState;

/// Where WeChat reports payments.
pub(super) const CALLBACK: &str = "/api/wechat/pay/callback";

/// A sender that needs longer for a few kilobytes is none of WeChat's.
const READ_WITHIN: Duration = Duration::from_secs(10);

/// `POST /api/wechat/pay/callback`: the raw bytes go to the shop; SUCCESS is said once they are on disk.
pub(super) async fn callback(State(state): State<AppState>, body: Body) -> Response {
    let body = match tokio::time::timeout(READ_WITHIN, to_bytes(body, MAX_LENGTH)).await {
        Ok(Ok(body)) => body,
        Ok(Err(error)) => {
            tracing::warn!(%error, "a notification is too long or broke off");
            return xml(StatusCode::PAYLOAD_TOO_LARGE, refuse("报文过长"));
        }
        Err(_) => return xml(StatusCode::REQUEST_TIMEOUT, refuse("报文未收全")),
    };
    match state.shop.notified(&body).await {
        Notified::Acknowledged => xml(StatusCode::OK, acknowledge()),
        Notified::Refused(_) => xml(StatusCode::BAD_REQUEST, refuse("签名失败或报文有误")),
        Notified::Different(_) => xml(StatusCode::CONFLICT, refuse("与订单不符")),
        Notified::Busy => xml(StatusCode::SERVICE_UNAVAILABLE, refuse("系统繁忙")),
        Notified::Failed => xml(StatusCode::INTERNAL_SERVER_ERROR, refuse("系统错误")),
    }
}

fn xml(status: StatusCode, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, "text/xml; charset=utf-8")], body).into_response()
}
