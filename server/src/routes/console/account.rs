//! The page on which staff members manage their own account.

use app::console::{account_page, recovery_codes_page};
use axum::{
    Form,
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;
use shop::check_repeated_password;

use super::{NoticeQuery, StaffAuth, failed, head, outcome, page};
use crate::{request_context::RequestContext, response, state::AppState};

const ACCOUNT: &str = "/console/account";

/// `GET /console/account`.
pub(super) async fn show(
    State(state): State<AppState>,
    StaffAuth { staff, token }: StaffAuth,
    Query(notice): Query<NoticeQuery>,
) -> Response {
    let accounts = state.shop.staff();
    let read = async {
        Ok((accounts.own_sessions(&staff, &token).await?, accounts.recovery_codes_left(&staff).await?))
    };
    match read.await {
        Ok((sessions, codes_left)) => page(account_page(&notice.head(&staff), &sessions, codes_left)),
        Err(error) => failed(&staff, &error, "/console"),
    }
}

#[derive(Deserialize)]
pub(super) struct Credentials {
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    new_password: String,
    new_password_again: Option<String>,
}

/// `POST /console/account/password`: ends this session too, so the answer is the sign-in page.
pub(super) async fn change_password(
    State(state): State<AppState>,
    context: RequestContext,
    StaffAuth { staff, .. }: StaffAuth,
    Form(form): Form<Credentials>,
) -> Response {
    let accounts = state.shop.staff();
    let ip = context.visitor.ip;
    if let Err(error) = check_repeated_password(&form.new_password, form.new_password_again.as_deref()) {
        return failed(&staff, &error, ACCOUNT);
    }
    match accounts.change_password(&staff, &form.password, &form.code, &form.new_password, ip).await {
        Ok(()) => response::see_other("/console/sign-in?done=password"),
        Err(error) => failed(&staff, &error, ACCOUNT),
    }
}

/// `POST /console/account/factor`.
pub(super) async fn renew_second_factor(
    State(state): State<AppState>,
    context: RequestContext,
    StaffAuth { staff, .. }: StaffAuth,
    Form(form): Form<Credentials>,
) -> Response {
    let accounts = state.shop.staff();
    match accounts.renew_second_factor(&staff, &form.password, &form.code, context.visitor.ip).await {
        Ok(token) => response::see_other(&format!("/console/join/{}", token.0)),
        Err(error) => failed(&staff, &error, ACCOUNT),
    }
}

/// `POST /console/account/recovery-codes`: makes new codes. Only this response shows them.
pub(super) async fn renew_recovery_codes(
    State(state): State<AppState>,
    context: RequestContext,
    StaffAuth { staff, .. }: StaffAuth,
    Form(form): Form<Credentials>,
) -> Response {
    let accounts = state.shop.staff();
    match accounts.renew_recovery_codes(&staff, &form.password, &form.code, context.visitor.ip).await {
        Ok(codes) => page(recovery_codes_page(&head(&staff), &codes)),
        Err(error) => failed(&staff, &error, ACCOUNT),
    }
}

#[derive(Deserialize)]
pub(super) struct Session {
    #[serde(default)]
    id: String,
}

/// `POST /console/account/sessions`: ends a session of this account.
pub(super) async fn end_session(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Form(form): Form<Session>,
) -> Response {
    let done = state.shop.staff().end_own_session(&staff, &form.id).await;
    outcome(&staff, done, ACCOUNT, "session-ended")
}
