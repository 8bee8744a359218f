//! The code and the link that open a product in the mini program.

use app::console::share_page;
use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};

use super::{
    StaffAuth,
    catalogue::{back, product_of},
    failed, head, page,
};
use crate::{response, state::AppState};

/// `POST /console/catalogue/{id}/share`: makes a link and shows it with the code.
pub(super) async fn share(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
) -> Response {
    let made = async {
        let products = state.shop.products();
        let link = products.miniprogram_link(&staff, &product_of(&id)?).await?;
        Ok((products.product_now(&id).await?, link))
    };
    match made.await {
        Ok((product, link)) => page(share_page(&head(&staff), &product, &link)),
        Err(error) => failed(&staff, &error, &back(&id)),
    }
}

/// `GET /console/catalogue/{id}/code`: the picture of the code, which WeChat makes.
pub(super) async fn code(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
) -> Response {
    let made = async { state.shop.products().miniprogram_code(&staff, &product_of(&id)?).await };
    match made.await {
        Ok(picture) => {
            let headers = [
                (header::CONTENT_TYPE, picture.media_type),
                (header::CACHE_CONTROL, "private, max-age=86400".to_owned()),
                (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
            ];
            (headers, picture.bytes).into_response()
        }
        Err(error) => {
            response::log(&error);
            response::status(&error).into_response()
        }
    }
}
