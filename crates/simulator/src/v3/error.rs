//! The errors of V3 (wechat-protocol.md, 5.8): an HTTP status and `{"code","message","detail"?}`.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::diagnosis::Diagnosis;

#[derive(Debug)]
pub(super) struct V3Error {
    pub(super) status: StatusCode,
    pub(super) code: String,
    pub(super) message: String,
    pub(super) detail: Option<Value>,
    /// The last part of `Request-ID`.
    pub(super) internal: u32,
    /// The mistake in the signature of the request.
    pub(super) diagnosis: Option<Box<Diagnosis>>,
}

impl V3Error {
    pub(super) fn new(status: StatusCode, code: &str, message: impl Into<String>, internal: u32) -> Self {
        Self {
            status,
            code: code.to_owned(),
            message: message.into(),
            detail: None,
            internal,
            diagnosis: None,
        }
    }

    /// 400 `PARAM_ERROR` with the name of the field.
    pub(super) fn field(field: &str, value: &Value, issue: &str) -> Self {
        let message = format!("输入源“/body{field}”映射到值字段时校验失败：{issue}");
        let detail = json!({ "field": field, "value": value, "issue": issue, "location": "body" });
        Self {
            detail: Some(detail),
            ..Self::new(StatusCode::BAD_REQUEST, "PARAM_ERROR", message, 268_435_461)
        }
    }

    /// 400 `PARAM_ERROR`.
    pub(super) fn param(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "PARAM_ERROR", message, 268_435_461)
    }

    /// 401 `SIGN_ERROR`.
    pub(super) fn sign(message: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "SIGN_ERROR", message, 268_443_699)
    }

    /// This error with the mistake in the signature, also in `detail`. WeChat's own `detail` has other members.
    pub(super) fn diagnosed(self, diagnosis: Option<Diagnosis>) -> Self {
        let Some(diagnosis) = diagnosis else { return self };
        let detail = json!({
            "location": "authorization",
            "issue": diagnosis.sentence,
            "mistakes": diagnosis.mistakes,
        });
        Self { detail: Some(detail), diagnosis: Some(Box::new(diagnosis)), ..self }
    }

    pub(super) fn busy() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "SYSTEM_ERROR", "系统异常，请稍后重试", 268_435_456)
    }

    /// The payer is not a user of this account.
    pub(super) fn openid() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "OPENID_MISMATCH", "openid和appid不匹配", 268_435_456)
    }

    pub(super) fn no_order() -> Self {
        Self::new(StatusCode::NOT_FOUND, "ORDER_NOT_EXIST", "订单不存在", 268_512_771)
    }

    pub(super) fn body(&self) -> Value {
        match &self.detail {
            Some(detail) => json!({ "code": self.code, "message": self.message, "detail": detail }),
            None => json!({ "code": self.code, "message": self.message }),
        }
    }
}
