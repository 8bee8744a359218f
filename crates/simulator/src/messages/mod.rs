//! Messages to users: subscription messages of a mini program (订阅消息), subscription notifications (订阅通知) and template
//! messages (模板消息) of a service account (wechat-protocol-2.md, 3).

mod consent;
mod field;
mod send;
mod template;

use axum::{Router, routing::any};

use crate::app_state::SharedState;

pub(crate) use consent::{Answer, Subscription, answer};
pub(crate) use send::SentMessage;
pub(crate) use template::{MessageKind, Template, TemplateSeed, demo_templates, templates};

/// `/cgi-bin/message/*`.
pub(crate) fn routes() -> Router<SharedState> {
    Router::new()
        .route("/cgi-bin/message/subscribe/send", any(send::subscribe_send))
        .route("/cgi-bin/message/subscribe/bizsend", any(send::bizsend))
        .route("/cgi-bin/message/template/send", any(send::template_send))
}
