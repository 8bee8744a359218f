use sha2::{Digest, Sha256};

/// Each key begins with one of these folders.
const PRODUCTS: &str = "pictures";
const AFTER_SALES: &str = "after-sales";
pub(crate) const TRIAL: &str = "trial";

/// The name of a picture in a folder or a bucket: parts with slashes between them. It ends with the [`hash`] of the
/// picture's bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PictureKey(String);

/// The first half of the SHA-256 of these bytes, as 32 hexadecimal digits.
#[must_use]
pub fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes).get(..16).unwrap_or_default())
}

impl PictureKey {
    /// The key of a product's picture. `id` is the [`hash`] of the picture.
    #[must_use]
    pub fn of_product(id: &str) -> Self {
        Self(format!("{PRODUCTS}/{id}"))
    }

    /// The key of a picture that a shopper added to an after-sale of this order.
    #[must_use]
    pub fn of_after_sale(order: &str, bytes: &[u8]) -> Self {
        Self(format!("{}/{}", Self::folder_of_after_sales(order), hash(bytes)))
    }

    /// The folder of all after-sale pictures of an order. Its keys begin with it.
    #[must_use]
    pub fn folder_of_after_sales(order: &str) -> String {
        format!("{AFTER_SALES}/{order}")
    }

    pub(crate) fn of_trial(bytes: &[u8]) -> Self {
        Self(format!("{TRIAL}/{}", hash(bytes)))
    }

    /// Reads a key. `None` if the text does not end with a slash and a hash.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_hash = |part: &str| part.len() == 32 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
        text.rsplit_once('/').is_some_and(|(_, last)| is_hash(last)).then(|| Self(text.to_owned()))
    }

    /// The text of the key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the bytes have the hash of this key.
    #[must_use]
    pub fn is_of(&self, bytes: &[u8]) -> bool {
        self.0.rsplit('/').next() == Some(hash(bytes).as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_ends_with_the_hash_of_its_bytes() {
        let key = PictureKey::of_product(&hash(b"picture"));
        assert!(key.is_of(b"picture") && !key.is_of(b"another"));
        let private = PictureKey::of_after_sale("2026112100000001", b"picture");
        assert!(private.as_str().starts_with(&PictureKey::folder_of_after_sales("2026112100000001")));
        assert_eq!(PictureKey::parse(private.as_str()), Some(private));
        for wrong in ["", "pictures", "pictures/", "pictures/short", "0123456789abcdef0123456789abcdef"] {
            assert_eq!(PictureKey::parse(wrong), None, "{wrong}");
        }
    }
}
