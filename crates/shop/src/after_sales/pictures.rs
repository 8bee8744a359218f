//! The pictures of a shopper about an after-sale. Only the shopper and staff see them.

use crate::{Picture, ShopError, products::check_picture};

/// The largest number of pictures of an after-sale.
pub const MAX_AFTER_SALE_PICTURES: usize = 4;

/// The largest size of a picture, bytes: a phone's photo. The page's script makes it smaller before the upload.
pub const MAX_AFTER_SALE_PICTURE_BYTES: usize = 6 * 1024 * 1024;

/// More than [`MAX_AFTER_SALE_PICTURES`].
pub(super) const TOO_MANY: ShopError =
    ShopError::invalid("最多上传 4 张图片", "Please choose at most 4 pictures.");

/// An empty file.
pub(super) const CHOOSE_PICTURE: ShopError = ShopError::invalid("请选择一张图片", "Please choose a picture.");

/// Checks uploaded files. An empty file is a field without a choice.
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
