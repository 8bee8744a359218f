use axum::response::Response;
use serde_json::json;

use crate::{answer, visitor::Guest};

/// `GET /api/wechat/getUserInfo`: who is logged in.
pub(super) async fn user_info(guest: Guest) -> Response {
    match guest.visitor.openid() {
        Ok(openid) => answer::data(json!({ "openid": openid.as_str() })),
        Err(error) => answer::refusal(&error),
    }
}
