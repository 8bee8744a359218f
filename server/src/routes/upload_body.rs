//! Reads the body of a form with files. It reads a too large file to its end and discards it, because a browser reads
//! the response only after it has sent everything.

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Multipart, Request},
};
use futures::StreamExt;
use shop::ShopError;

/// The largest size of a form without its files, in bytes.
pub(super) const FORM: usize = 64 * 1024;

/// The largest number of bytes that the server reads and discards.
const MAX_DISCARDED_BYTES: usize = 128 * 1024 * 1024;

/// The error of an upload that ended early.
pub(super) const BROKEN: ShopError =
    ShopError::invalid("文件没有传完，请重试", "The upload was not complete. Please try again.");

/// The whole body. The error is `too_large` if the files have more than `most` bytes.
pub(super) async fn whole(body: Body, most: usize, too_large: ShopError) -> Result<Bytes, ShopError> {
    let (mut chunks, mut kept, mut seen) = (body.into_data_stream(), Vec::new(), 0_usize);
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| BROKEN)?;
        seen += chunk.len();
        if seen > MAX_DISCARDED_BYTES {
            break;
        }
        if seen <= most + FORM {
            kept.extend_from_slice(&chunk);
        } else {
            kept = Vec::new();
        }
    }
    if seen > most + FORM { Err(too_large) } else { Ok(kept.into()) }
}

/// The file `picture` of a form. The error is `too_large` if it has more than `most` bytes.
pub(super) async fn picture(
    request: Request,
    most: usize,
    too_large: ShopError,
) -> Result<Vec<u8>, ShopError> {
    let (parts, body) = request.into_parts();
    let form = Request::from_parts(parts, Body::from(whole(body, most, too_large).await?));
    let mut form = Multipart::from_request(form, &()).await.map_err(|_| BROKEN)?;
    while let Some(field) = form.next_field().await.map_err(|_| BROKEN)? {
        if field.name() == Some("picture") {
            return field.bytes().await.map(Vec::from).map_err(|_| BROKEN);
        }
    }
    Err(ShopError::invalid("请选择一张图片", "Please choose a picture."))
}
