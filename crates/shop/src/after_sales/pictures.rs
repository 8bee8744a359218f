//! Checks the pictures that a shopper adds to an after-sale. Only the shopper and staff can see them.

use crate::{Picture, ShopError, products::check_picture};

/// The maximum number of pictures of an after-sale.
pub const MAX_AFTER_SALE_PICTURES: usize = 4;

/// The maximum size of a picture, bytes. It is enough for a phone's photo. The page's script makes pictures smaller
/// before the upload.
pub const MAX_AFTER_SALE_PICTURE_BYTES: usize = 6 * 1024 * 1024;

/// The error for more than [`MAX_AFTER_SALE_PICTURES`].
pub(super) const TOO_MANY: ShopError =
    ShopError::invalid("最多上传 4 张图片", "Please choose at most 4 pictures.");

/// The error for an empty file.
pub(super) const CHOOSE_PICTURE: ShopError = ShopError::invalid("请选择一张图片", "Please choose a picture.");

/// Checks uploaded files. Ignores empty files: a form sends one for a field without a chosen file.
pub(super) fn check(files: Vec<Vec<u8>>) -> Result<Vec<Picture>, ShopError> {
    let files: Vec<_> = files.into_iter().filter(|bytes| !bytes.is_empty()).collect();
    if files.len() > MAX_AFTER_SALE_PICTURES {
        return Err(TOO_MANY);
    }
    files
        .into_iter()
        .map(|bytes| {
            if bytes.len() > MAX_AFTER_SALE_PICTURE_BYTES {
                return Err(ShopError::invalid(
                    "每张图片不能超过 6 MB，请换一张或压缩后再上传",
                    "A picture has at most 6 MB. Please choose another one or compress it.",
                ));
            }
            let media_type = check_picture(&bytes)?.to_owned();
            Ok(Picture { media_type, bytes })
        })
        .collect()
}
