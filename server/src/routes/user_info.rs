use axum::{extract::State, response::Response};
use serde_json::json;

use crate::{request_context::RequestContext, response, state::AppState};

/// `GET /api/wechat/getUserInfo`: the logged-in shopper. It has the name and the picture only if the shopper allowed
/// them.
pub(super) async fn user_info(State(state): State<AppState>, context: RequestContext) -> Response {
    let openid = match context.visitor.openid() {
        Ok(openid) => openid,
        Err(error) => return response::refusal(&error),
    };
    match state.shop.identity().profile(openid).await {
        Ok(Some(profile)) => response::data(json!({
            "openid": openid.as_str(),
            "nickname": profile.nickname,
            "headimgurl": profile.headimgurl,
        })),
        Ok(None) => response::data(json!({ "openid": openid.as_str() })),
        Err(error) => response::refusal(&error),
    }
}
