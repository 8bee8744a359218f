//! Pictures of products that staff upload. The shop finds the media type from the bytes, not from the file's name.

use model::{ProductId, audit::AuditAction};
use picture_store::hash;
use store::Update;

use super::picture_file::is_complete;
use crate::{Picture, Products, Right, ShopError, Staff};

/// The maximum size of a picture, bytes.
pub const MAX_PICTURE_BYTES: usize = 2 * 1024 * 1024;

/// The maximum length of a side, pixels.
const MAX_SIDE: usize = 8_000;

/// The maximum number of pixels, enough for a phone's camera.
const MAX_PIXELS: usize = 24_000_000;

/// The maximum number of pictures of a product, including the first one.
pub const MAX_PICTURES: usize = 9;

/// How staff arrange a picture of a product that is not the first one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureChange {
    /// It swaps places with the first picture.
    First,
    /// It moves one place forward.
    Earlier,
    /// The product loses it.
    Remove,
}

impl PictureChange {
    /// The word in the form and in the audit log.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Earlier => "earlier",
            Self::Remove => "remove",
        }
    }

    /// The change of this word; `None` for another word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::First, Self::Earlier, Self::Remove].into_iter().find(|change| change.word() == word)
    }
}

/// A checked file.
pub(super) struct Upload {
    /// The hash of the bytes, as in the picture's key.
    id: String,
    media_type: &'static str,
    bytes: Vec<u8>,
}

impl Upload {
    pub(super) fn check(bytes: Vec<u8>) -> Result<Self, ShopError> {
        if bytes.is_empty() {
            return Err(ShopError::invalid("请选择一张图片", "Please choose a picture."));
        }
        if bytes.len() > MAX_PICTURE_BYTES {
            return Err(ShopError::invalid(
                "图片不能超过 2 MB，请压缩后再上传",
                "A picture has at most 2 MB. Please compress it first.",
            ));
        }
        let media_type = check_picture(&bytes)?;
        Ok(Self { id: hash(&bytes), media_type, bytes })
    }

    pub(super) fn path(&self) -> String {
        format!("/pictures/u/{}", self.id)
    }

    pub(super) fn words(&self) -> String {
        format!("{}, {}, {} bytes", self.id, self.media_type, self.bytes.len())
    }
}

/// Checks an uploaded picture and returns its media type.
///
/// # Errors
/// [`ShopError::Invalid`] for a file that is not a picture, has too many pixels, or is truncated.
pub(crate) fn check_picture(bytes: &[u8]) -> Result<&'static str, ShopError> {
    let media_type = media_type(bytes).ok_or(ShopError::invalid(
        "只支持 PNG、JPEG 和 WebP 图片",
        "Only PNG, JPEG and WebP pictures are possible.",
    ))?;
    check_size(bytes)?;
    if !is_complete(bytes) {
        return Err(ShopError::invalid(
            "图片不完整，可能在复制或下载时中断了，请重新取得原图",
            "The end of the picture is missing: a copy or a download was cut off. Please use the original file.",
        ));
    }
    Ok(media_type)
}

/// The media type of PNG, JPEG or WebP. SVG is not allowed, because it can contain scripts.
fn media_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

/// Refuses pictures with too many pixels: a file of a few kilobytes can need gigabytes in a browser.
fn check_size(bytes: &[u8]) -> Result<(), ShopError> {
    let size = imagesize::blob_size(bytes).map_err(|_| {
        ShopError::invalid("图片已损坏，请换一张", "The picture is damaged. Please choose another one.")
    })?;
    if size.width.max(size.height) > MAX_SIDE || size.width.saturating_mul(size.height) > MAX_PIXELS {
        return Err(ShopError::invalid(
            "图片尺寸过大：边长不超过 8000 像素，总像素不超过 2400 万",
            "The picture is too large: at most 8,000 pixels a side, and 24 million pixels.",
        ));
    }
    Ok(())
}

impl Products {
    /// Replaces the first picture of a product.
    ///
    /// # Errors
    /// As [`Products::change_product`]; [`ShopError::Invalid`] for a file that is not a picture, or is too large;
    /// [`ShopError::PictureNotSaved`].
    pub async fn change_picture(
        &self,
        staff: &Staff,
        id: &ProductId,
        bytes: Vec<u8>,
    ) -> Result<(), ShopError> {
        staff.check(Right::Catalogue)?;
        let upload = Upload::check(bytes)?;
        let detail = format!("{id}: {}", upload.words());
        let updates = vec![Update::product_picture(id, &upload.path()), self.write_picture(upload).await?];
        self.edit_catalogue(staff, AuditAction::ChangePicture, detail, updates).await
    }

    /// Adds a picture after the other pictures of a product.
    ///
    /// # Errors
    /// As [`Products::change_picture`]; [`ShopError::NotFound`]; [`ShopError::Invalid`] also if the product has this
    /// picture, or has [`MAX_PICTURES`].
    pub async fn add_picture(&self, staff: &Staff, id: &ProductId, bytes: Vec<u8>) -> Result<(), ShopError> {
        staff.check(Right::Catalogue)?;
        let upload = Upload::check(bytes)?;
        let product = self.catalogue().product(id.as_str()).cloned().ok_or(ShopError::NotFound)?;
        let path = upload.path();
        if product.picture == path || product.pictures.contains(&path) {
            return Err(ShopError::invalid("商品已有这张图片", "The product already has this picture."));
        }
        if product.pictures.len() + 1 >= MAX_PICTURES {
            return Err(ShopError::invalid(
                "一件商品最多 9 张图片，请先移除不用的图片",
                "A product has at most 9 pictures. Please remove one first.",
            ));
        }
        let most = i64::try_from(MAX_PICTURES - 1).unwrap_or(i64::MAX);
        let detail = format!("{id}: added {}", upload.words());
        let updates = vec![
            Update::raise_product_version(id),
            Update::insert_product_picture(id, &path, most),
            self.write_picture(upload).await?,
        ];
        self.edit_catalogue(staff, AuditAction::ChangePicture, detail, updates).await
    }

    /// Removes or moves a picture of a product that is not the first one.
    ///
    /// # Errors
    /// As [`Products::change_product`]; [`ShopError::NotFound`] if the product does not have it.
    pub async fn arrange_picture(
        &self,
        staff: &Staff,
        id: &ProductId,
        path: &str,
        change: PictureChange,
    ) -> Result<(), ShopError> {
        let product = self.catalogue().product(id.as_str()).cloned().ok_or(ShopError::NotFound)?;
        let at = product.pictures.iter().position(|known| known == path).ok_or(ShopError::NotFound)?;
        let mut updates = vec![Update::raise_product_version(id)];
        let mut order = product.pictures.clone();
        match change {
            PictureChange::Remove => updates.push(Update::delete_product_picture(id, path)),
            PictureChange::Earlier => {
                order.swap(at, at.saturating_sub(1));
                let moved = (1..).zip(&order);
                updates
                    .extend(moved.map(|(position, path)| Update::place_product_picture(id, path, position)));
            }
            PictureChange::First => {
                // the first picture moves to the place of this one
                updates.push(Update::delete_product_picture(id, path));
                updates.push(Update::insert_product_picture(id, &product.picture, i64::MAX));
                order[at].clone_from(&product.picture);
                let moved = (1..).zip(&order);
                updates
                    .extend(moved.map(|(position, path)| Update::place_product_picture(id, path, position)));
                updates.push(Update::product_picture(id, path));
            }
        }
        let detail = format!("{id}: {} {path}", change.word());
        self.edit_catalogue(staff, AuditAction::ChangePicture, detail, updates).await
    }

    /// Writes an upload to its place. Returns the update that inserts its row.
    pub(super) async fn write_picture(&self, upload: Upload) -> Result<Update, ShopError> {
        let picture =
            self.pictures.write_product_picture(&upload.id, upload.media_type, upload.bytes).await?;
        Ok(Update::upsert_picture(&upload.id, picture, self.clock.now_ms()))
    }

    /// An uploaded picture of a product. `id` is its hash.
    ///
    /// # Errors
    /// [`ShopError::NotFound`], [`ShopError::PictureNotRead`], or a failing database.
    pub async fn picture(&self, id: &str) -> Result<Picture, ShopError> {
        self.pictures.of_product(id).await
    }
}

#[cfg(test)]
mod tests {
    use super::{check_size, media_type};

    /// The beginning of a PNG with this size.
    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        png.extend(width.to_be_bytes());
        png.extend(height.to_be_bytes());
        png.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
        png
    }

    #[test]
    fn a_picture_with_huge_dimensions_is_refused() {
        assert!(check_size(&png(4000, 6000)).is_ok());
        for (width, height) in [(60_000, 60_000), (8_001, 10), (5_000, 5_000), (u32::MAX, u32::MAX)] {
            assert!(check_size(&png(width, height)).is_err(), "{width} x {height}");
        }
        assert!(check_size(b"\x89PNG\r\n\x1a\n").is_err(), "no head");
    }

    #[test]
    fn the_format_of_a_picture_comes_from_its_bytes() {
        assert_eq!(media_type(b"\x89PNG\r\n\x1a\n..."), Some("image/png"));
        assert_eq!(media_type(b"\xff\xd8\xff\xe0"), Some("image/jpeg"));
        assert_eq!(media_type(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
        for wrong in [&b"<svg onload='alert(1)'/>"[..], b"GIF89a", b"RIFF\0\0\0\0WAVE", b"<html>", b""] {
            assert_eq!(media_type(wrong), None);
        }
    }
}
