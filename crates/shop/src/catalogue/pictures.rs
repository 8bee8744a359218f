//! Pictures that the merchant uploads. Their kind is seen from their bytes, whatever the file is called.

use model::ProductId;
use sha2::{Digest, Sha256};
use sqlx::Row;

use crate::{
    Shop, ShopError, Staff, Store, StoreError,
    store::{Edit, Value, text},
};

/// Bytes of a picture at most.
pub const LARGEST_PICTURE: usize = 2 * 1024 * 1024;

/// An uploaded picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// What it is, as its bytes say.
    pub media_type: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// PNG, JPEG or WebP. SVG is not among them: it may hold scripts.
fn media_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

impl Shop {
    /// Gives a product a new picture.
    ///
    /// # Errors
    /// As [`Shop::change_product`]; [`ShopError::Invalid`] for what is no picture, or too large.
    pub async fn change_picture(
        &self,
        staff: &Staff,
        id: &ProductId,
        bytes: Vec<u8>,
    ) -> Result<(), ShopError> {
        if bytes.is_empty() {
            return Err(ShopError::Invalid("请选择一张图片"));
        }
        if bytes.len() > LARGEST_PICTURE {
            return Err(ShopError::Invalid("图片不能超过 2 MB，请压缩后再上传"));
        }
        let kind = media_type(&bytes).ok_or(ShopError::Invalid("只支持 PNG、JPEG 和 WebP 图片"))?;
        let hash = hex::encode(Sha256::digest(&bytes));
        let picture = hash.get(..32).unwrap_or_default().to_owned();
        let detail = format!("{id}: {picture}, {kind}, {} bytes", bytes.len());
        // the same bytes again are the same row
        let keep = "INSERT INTO pictures (id, media_type, bytes, at_ms) VALUES ($1, $2, $3, $4) \
                    ON CONFLICT (id) DO UPDATE SET at_ms = excluded.at_ms";
        let now_ms = Value::Number(self.clock().now_ms());
        let show = "UPDATE products SET picture = $1, version = version + 1 WHERE id = $2";
        let edits = vec![
            Edit::new(keep, [text(&picture), text(kind), Value::Bytes(bytes), now_ms]),
            Edit::new(show, [text(format!("/pictures/u/{picture}")), text(id)]),
        ];
        self.edit_catalogue(staff, "change picture", detail, edits).await
    }

    /// An uploaded picture.
    ///
    /// # Errors
    /// [`ShopError::NotFound`], or a failing database.
    pub async fn picture(&self, id: &str) -> Result<Picture, ShopError> {
        self.store().picture(id).await?.ok_or(ShopError::NotFound)
    }
}

impl Store {
    async fn picture(&self, id: &str) -> Result<Option<Picture>, StoreError> {
        let sql = "SELECT media_type, bytes FROM pictures WHERE id = $1".to_owned();
        let rows = self.select(sql, &[id]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let read = || Ok(Picture { media_type: row.try_get(0)?, bytes: row.try_get(1)? });
        read().map(Some).map_err(StoreError::during::<sqlx::Error>("reading a picture"))
    }
}

#[cfg(test)]
mod tests {
    use super::media_type;

    #[test]
    fn the_bytes_say_what_a_picture_is() {
        assert_eq!(media_type(b"\x89PNG\r\n\x1a\n..."), Some("image/png"));
        assert_eq!(media_type(b"\xff\xd8\xff\xe0"), Some("image/jpeg"));
        assert_eq!(media_type(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
        for wrong in [&b"<svg onload='alert(1)'/>"[..], b"GIF89a", b"RIFF\0\0\0\0WAVE", b"<html>", b""] {
            assert_eq!(media_type(wrong), None);
        }
    }
}
