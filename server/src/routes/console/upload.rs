//! The forms that upload and arrange the pictures of a product.

use axum::{
    Form,
    extract::{Path, Request, State, rejection::FormRejection},
    response::Response,
};
use serde::Deserialize;
use shop::{MAX_PICTURE_BYTES, PictureChange, Right, ShopError};

use super::{super::upload_body, StaffAuth, catalogue::back, failed, outcome};
use crate::state::AppState;

const TOO_LARGE: ShopError = ShopError::invalid(
    "图片不能超过 2 MB，请压缩后再上传",
    "A picture has at most 2 MB. Please compress it first.",
);

/// `POST /console/catalogue/{id}/picture`.
pub(super) async fn picture(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    if let Err(error) = staff.check(Right::Catalogue) {
        return failed(&staff, &error, &back(&id));
    }
    let done = async {
        let product = id.parse().map_err(|_| ShopError::NotFound)?;
        let bytes = upload_body::picture(request, MAX_PICTURE_BYTES, TOO_LARGE).await?;
        state.shop.products().change_picture(&staff, &product, bytes).await
    };
    outcome(&staff, done.await, &back(&id), "picture")
}

/// `POST /console/catalogue/{id}/pictures`: adds a picture after the others.
pub(super) async fn more(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    if let Err(error) = staff.check(Right::Catalogue) {
        return failed(&staff, &error, &back(&id));
    }
    let done = async {
        let product = id.parse().map_err(|_| ShopError::NotFound)?;
        let bytes = upload_body::picture(request, MAX_PICTURE_BYTES, TOO_LARGE).await?;
        state.shop.products().add_picture(&staff, &product, bytes).await
    };
    outcome(&staff, done.await, &back(&id), "pictures")
}

/// The form that arranges a further picture: its path, and `first`, `earlier` or `remove`.
#[derive(Deserialize)]
pub(super) struct ArrangeForm {
    path: String,
    how: String,
}

/// `POST /console/catalogue/{id}/pictures/arrange`.
pub(super) async fn arrange(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
    form: Result<Form<ArrangeForm>, FormRejection>,
) -> Response {
    let done = async {
        let product = id.parse().map_err(|_| ShopError::NotFound)?;
        let Form(form) = form.map_err(|_| ShopError::BadRequest("path and how are missing"))?;
        let change = PictureChange::of_word(&form.how).ok_or(ShopError::BadRequest("how is no change"))?;
        state.shop.products().arrange_picture(&staff, &product, &form.path, change).await
    };
    outcome(&staff, done.await, &back(&id), "pictures")
}
