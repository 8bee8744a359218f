//! Downloads the picture of a complaint.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};

use super::{super::V3Error, PICTURES, Request, invalid};
use crate::{app_state::AppState, complaints::bitmap};

/// A picture of a complaint of this merchant. This response is not signed.
pub(in crate::v3) fn download(app: &AppState, request: &Request<'_>) -> Result<Response, V3Error> {
    let media_id = request.path.strip_prefix(PICTURES).unwrap_or_default();
    let db = app.database();
    let mut own = db.complaints.values().filter(|each| each.mch_id == request.mch_id());
    if own.any(|each| each.pictures.iter().any(|picture| picture == media_id)) {
        Ok(([(header::CONTENT_TYPE, "image/bmp")], bitmap(media_id)).into_response())
    } else {
        Err(invalid("图片不存在"))
    }
}
