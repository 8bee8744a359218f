use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};

use app::messages;

use crate::{request_context::RequestContext, response, state::AppState};

/// Looks up the shopper to whom the session's openid belongs. Several openids of one person are one shopper.
pub(crate) async fn identify(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let mut context = RequestContext::of(&parts, &state);
    if let Some(session) = &context.session {
        context.visitor.openid = session.shopper.openid().cloned();
        let shopper = match &context.visitor.openid {
            Some(openid) => state.shop.identity().shopper_of(openid).await,
            None => Ok(session.shopper.clone()),
        };
        match shopper {
            Ok(shopper) => context.visitor.session = Some(shopper),
            Err(error) if response::wants_page(&parts.headers) => {
                return response::page(&error, messages::NOT_LOGGED_IN, "/", messages::GO_HOME);
            }
            Err(error) => return response::refusal(&error),
        }
    }
    parts.extensions.insert(context);
    next.run(Request::from_parts(parts, body)).await
}
