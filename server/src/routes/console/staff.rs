//! The staff accounts, which the owner manages.

use app::console::{invited_page, staff_page};
use axum::{
    Form,
    extract::{Path, Query, State},
    response::Response,
};
use serde::Deserialize;
use shop::{InvitationToken, Role, ShopError, Staff, StaffName};

use super::{NoticeQuery, StaffAuth, failed, head, outcome, page};
use crate::state::AppState;

const LIST: &str = "/console/staff";

fn name_of(name: &str) -> Result<StaffName, ShopError> {
    name.trim().parse().map_err(|_| {
        ShopError::invalid(
            "账号为 2 至 32 个汉字、小写字母、数字、- 或 _",
            "An account has 2 to 32 characters: Chinese characters, a–z, 0–9, - or _.",
        )
    })
}

fn role_of(word: &str) -> Result<Role, ShopError> {
    word.parse().map_err(|_| ShopError::invalid("请选择角色", "Please choose a role."))
}

/// `GET /console/staff`.
pub(super) async fn list(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Query(notice): Query<NoticeQuery>,
) -> Response {
    match state.shop.staff().list(&staff).await {
        Ok(accounts) => page(staff_page(&notice.head(&staff), &accounts)),
        Err(error) => failed(&staff, &error, "/console"),
    }
}

#[derive(Deserialize)]
pub(super) struct NewStaff {
    #[serde(default)]
    name: String,
    #[serde(default)]
    role: String,
}

/// The page with the link of an invitation. Only this response shows the link.
fn invited(
    state: &AppState,
    staff: &Staff,
    name: &str,
    done: Result<InvitationToken, ShopError>,
) -> Response {
    match done {
        Ok(token) => {
            let link = format!("{}/console/join/{}", state.shop.settings().public_url, token.0);
            page(invited_page(&head(staff), name.trim(), &link))
        }
        Err(error) => failed(staff, &error, LIST),
    }
}

/// `POST /console/staff`.
pub(super) async fn invite(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Form(form): Form<NewStaff>,
) -> Response {
    let done = async {
        let (name, role) = (name_of(&form.name)?, role_of(&form.role)?);
        state.shop.staff().invite(&staff, &name, role).await
    };
    invited(&state, &staff, &form.name, done.await)
}

/// `POST /console/staff/{name}/reset`.
pub(super) async fn reset(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(name): Path<String>,
) -> Response {
    let done = async { state.shop.staff().invite_again(&staff, &name_of(&name)?).await };
    invited(&state, &staff, &name, done.await)
}

#[derive(Deserialize)]
pub(super) struct RoleForm {
    #[serde(default)]
    role: String,
}

/// `POST /console/staff/{name}/role`.
pub(super) async fn role(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(name): Path<String>,
    Form(form): Form<RoleForm>,
) -> Response {
    let done = async { state.shop.staff().change_role(&staff, &name_of(&name)?, role_of(&form.role)?).await };
    outcome(&staff, done.await, LIST, "role")
}

/// `POST /console/staff/{name}/sign-out`: ends all sessions of a staff member.
pub(super) async fn end_sessions(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(name): Path<String>,
) -> Response {
    let done = async { state.shop.staff().end_sessions(&staff, &name_of(&name)?).await };
    outcome(&staff, done.await, LIST, "signed-out")
}

/// `POST /console/staff/{name}/remove`.
pub(super) async fn remove(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(name): Path<String>,
) -> Response {
    let done = async { state.shop.staff().remove(&staff, &name_of(&name)?).await };
    outcome(&staff, done.await, LIST, "removed")
}
