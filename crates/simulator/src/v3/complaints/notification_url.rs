//! The merchant's address for notifications about complaints.

use serde_json::json;

use super::{super::field_tables, Answer, Request, invalid};
use crate::app_state::AppState;

fn registered(request: &Request<'_>, url: &str) -> Answer {
    Ok(Some(json!({ "mchid": request.mch_id(), "url": url })))
}

pub(super) fn show(app: &AppState, request: &Request<'_>) -> Answer {
    let db = app.database();
    let url = db.complaint_urls.get(request.mch_id()).ok_or_else(|| invalid("未设置投诉通知回调地址"))?;
    registered(request, url)
}

pub(super) fn create(app: &AppState, request: &Request<'_>) -> Answer {
    if app.database().complaint_urls.contains_key(request.mch_id()) {
        return Err(invalid("投诉通知回调地址已存在"));
    }
    set(app, request)
}

pub(super) fn update(app: &AppState, request: &Request<'_>) -> Answer {
    show(app, request)?;
    set(app, request)
}

pub(super) fn delete(app: &AppState, request: &Request<'_>) -> Answer {
    show(app, request)?;
    app.database_mut().complaint_urls.remove(request.mch_id());
    Ok(None)
}

fn set(app: &AppState, request: &Request<'_>) -> Answer {
    let body = request.json(field_tables::COMPLAINT_NOTIFICATION)?;
    let url = body["url"].as_str().unwrap_or_default();
    app.database_mut().complaint_urls.insert(request.mch_id().to_owned(), url.to_owned());
    registered(request, url)
}
