use axum::{extract::State, response::Response};
use serde_json::json;

use crate::{answer, state::AppState, visitor::Guest};

/// `GET /api/wechat/getUserInfo`: who is logged in, with name and picture where they let WeChat tell them.
pub(super) async fn user_info(State(state): State<AppState>, guest: Guest) -> Response {
    let openid = match guest.visitor.openid() {
        Ok(openid) => openid,
        Err(error) => return answer::refusal(&error),
    };
    match state.shop.profile(openid).await {
        Ok(Some(profile)) => answer::data(json!({
            "openid": openid.as_str(),
            "nickname": profile.nickname,
            "headimgurl": profile.headimgurl,
        })),
        Ok(None) => answer::data(json!({ "openid": openid.as_str() })),
        Err(error) => answer::refusal(&error),
    }
}
