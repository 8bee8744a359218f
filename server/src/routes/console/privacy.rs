//! Staff download or erase the data of the shopper of an order.

use app::console::{privacy_page, sentence};
use axum::{
    Form,
    extract::{Path, State},
    response::{Html, IntoResponse, Response},
};
use serde::Deserialize;
use shop::ShopError;

use super::{StaffAuth, failed, head, id_of, order_path, page};
use crate::{response, routes::privacy::json_file, state::AppState};

/// `GET /console/orders/{id}/shopper`.
pub(super) async fn show(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
) -> Response {
    let read = async {
        let id = id_of(&id)?;
        let obstacles = state.shop.privacy().obstacles_of_order(&staff, &id).await?;
        Ok(privacy_page(&head(&staff), &id, &obstacles, None))
    };
    match read.await {
        Ok(html) => page(html),
        Err(error) => failed(&staff, &error, &order_path(&id)),
    }
}

/// `POST /console/orders/{id}/shopper/data.json`.
pub(super) async fn copy(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
) -> Response {
    let copied = async { state.shop.privacy().personal_data_of_order(&staff, &id_of(&id)?).await };
    match copied.await {
        Ok(document) => json_file(&state, &document),
        Err(error) => failed(&staff, &error, &order_path(&id)),
    }
}

#[derive(Deserialize)]
pub(super) struct Reason {
    #[serde(default)]
    reason: String,
}

/// `POST /console/orders/{id}/shopper/erase`.
pub(super) async fn erase(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
    Form(Reason { reason }): Form<Reason>,
) -> Response {
    let privacy = state.shop.privacy();
    let done = async {
        let id = id_of(&id)?;
        match privacy.erase_by_staff(&staff, &id, &reason).await {
            Ok(()) => Ok(response::see_other(&format!("/console/orders/{id}?done=erased"))),
            Err(error @ (ShopError::Invalid(_) | ShopError::NotErasable)) => {
                response::log(&error);
                let obstacles = privacy.obstacles_of_order(&staff, &id).await?;
                let html = privacy_page(&head(&staff), &id, &obstacles, Some(sentence(&error)));
                Ok((response::status(&error), Html(html)).into_response())
            }
            Err(error) => Err(error),
        }
    };
    match done.await {
        Ok(response) => response,
        Err(error) => failed(&staff, &error, &order_path(&id)),
    }
}
