//! `POST /wxa/getwxacodeunlimit`: the picture of a mini program code.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::png::png;
use crate::login::{AccountKind, ApiError, TokenCall};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeRequest {
    scene: Option<String>,
    page: Option<String>,
    #[serde(default = "released")]
    env_version: String,
    #[serde(rename = "check_path")]
    _check_path: Option<bool>,
    width: Option<u32>,
    #[serde(rename = "auto_color")]
    _auto_color: Option<bool>,
    #[serde(rename = "line_color")]
    _line_color: Option<serde_json::Value>,
    #[serde(rename = "is_hyaline")]
    _is_hyaline: Option<bool>,
}

fn released() -> String {
    "release".to_owned()
}

/// Returns the picture, or an error in JSON. The real one is a JPEG unless `is_hyaline` is set.
pub(super) async fn getwxacodeunlimit(call: TokenCall) -> Response {
    call.answer_file(AccountKind::MiniProgram, |request: CodeRequest| {
        let scene = request.scene.as_deref().unwrap_or_default();
        if scene.is_empty() || scene.len() > 32 || !scene.bytes().all(is_scene) {
            return Err(ApiError::SCENE);
        }
        if request.page.as_deref().is_some_and(|page| page.starts_with('/') || page.contains('?')) {
            return Err(ApiError::PAGE);
        }
        if !["release", "trial", "develop"].contains(&request.env_version.as_str()) {
            return Err(ApiError::ARGUMENTS);
        }
        let width = request.width.unwrap_or(430).clamp(280, 1280);
        Ok(([(header::CONTENT_TYPE, "image/png")], png(width, scene)).into_response())
    })
}

fn is_scene(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$&'()*+,/:;=?@-._~".contains(&byte)
}
