//! The complaints of shoppers at WeChat, and the answers of staff.

use app::console::{TypedAnswer, complaint_page, complaints_page, sentence};
use axum::{
    Form,
    extract::{Path, Query, State},
    http::header,
    response::{Html, IntoResponse, Response},
};
use model::complaint::ComplaintAnswerKind;
use serde::Deserialize;
use shop::{ComplaintAnswer, ShopError};

use super::{NoticeQuery, StaffAuth, failed, head, page};
use crate::{response, state::AppState};

const LIST: &str = "/console/complaints";

/// `GET /console/complaints`.
pub(super) async fn list(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Query(notice): Query<NoticeQuery>,
) -> Response {
    let (complaints, now_ms) = (state.shop.complaints(), state.shop.clock().now_ms());
    match complaints.list().await {
        Ok(list) => page(complaints_page(&notice.head(&staff), list, complaints.is_available(), now_ms)),
        Err(error) => failed(&staff, &error, "/console"),
    }
}

/// `GET /console/complaints/{id}`.
pub(super) async fn show(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
    Query(notice): Query<NoticeQuery>,
) -> Response {
    let (complaints, now_ms) = (state.shop.complaints(), state.shop.clock().now_ms());
    match complaints.detail(&id).await {
        Ok(detail) => {
            page(complaint_page(&notice.head(&staff), &detail, None, complaints.is_available(), now_ms))
        }
        Err(error) => failed(&staff, &error, LIST),
    }
}

/// `GET /console/complaints/{id}/pictures/{position}`: downloads a picture from WeChat.
pub(super) async fn picture(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path((id, position)): Path<(String, usize)>,
) -> Response {
    match state.shop.complaints().picture(&staff, &id, position).await {
        Ok(picture) => {
            let headers = [
                (header::CONTENT_TYPE, picture.media_type),
                (header::CACHE_CONTROL, "private, max-age=3600"),
                (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
            ];
            (headers, picture.bytes).into_response()
        }
        Err(error) => {
            response::log(&error);
            response::status(&error).into_response()
        }
    }
}

/// The form of an answer.
#[derive(Deserialize)]
pub(super) struct AnswerForm {
    #[serde(default)]
    text: String,
    #[serde(default)]
    seen: usize,
}

/// `POST /console/complaints/{id}/reply`.
pub(super) async fn reply(
    state: State<AppState>,
    staff: StaffAuth,
    id: Path<String>,
    form: Form<AnswerForm>,
) -> Response {
    answer(state, staff, id, form, ComplaintAnswerKind::Reply).await
}

/// `POST /console/complaints/{id}/finish`.
pub(super) async fn finish(
    state: State<AppState>,
    staff: StaffAuth,
    id: Path<String>,
    form: Form<AnswerForm>,
) -> Response {
    answer(state, staff, id, form, ComplaintAnswerKind::Finish).await
}

/// `POST /console/complaints/{id}/approve`.
pub(super) async fn approve(
    state: State<AppState>,
    staff: StaffAuth,
    id: Path<String>,
    form: Form<AnswerForm>,
) -> Response {
    answer(state, staff, id, form, ComplaintAnswerKind::ApproveRefund).await
}

/// `POST /console/complaints/{id}/refuse`.
pub(super) async fn refuse(
    state: State<AppState>,
    staff: StaffAuth,
    id: Path<String>,
    form: Form<AnswerForm>,
) -> Response {
    answer(state, staff, id, form, ComplaintAnswerKind::RefuseRefund).await
}

/// Sends an answer. If the shop refuses the form, the page shows the typed text again.
async fn answer(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
    Form(AnswerForm { text, seen }): Form<AnswerForm>,
    kind: ComplaintAnswerKind,
) -> Response {
    let complaints = state.shop.complaints();
    let answer = ComplaintAnswer { kind, text, seen };
    let error = match complaints.answer(&staff, &id, &answer).await {
        Ok(()) => return response::see_other(&format!("{LIST}/{id}?done=answered")),
        Err(error) => error,
    };
    if !matches!(error, ShopError::Invalid(_) | ShopError::Changed) {
        return failed(&staff, &error, LIST);
    }
    response::log(&error);
    match complaints.detail(&id).await {
        Ok(detail) => {
            let typed = TypedAnswer { answer, problem: sentence(&error) };
            let now_ms = state.shop.clock().now_ms();
            let is_available = complaints.is_available();
            let html = complaint_page(&head(&staff), &detail, Some(&typed), is_available, now_ms);
            (response::status(&error), Html(html)).into_response()
        }
        Err(error) => failed(&staff, &error, LIST),
    }
}
