use std::{fmt, path::PathBuf};

use zeroize::Zeroizing;

/// Where the shop keeps the bytes of pictures: `SHOP_PICTURES`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PicturePlace {
    /// In their rows of the database.
    #[default]
    Database,
    /// In a folder of this machine. Several servers need a shared folder.
    Folder(PathBuf),
    /// In a bucket of S3-compatible storage.
    Bucket(Bucket),
}

/// A bucket of S3-compatible storage, and how to reach it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// The name of the bucket.
    pub name: String,
    /// The prefix of each key, without slashes at its ends; may be empty.
    pub prefix: String,
    /// The URL of the storage without the bucket, such as `https://minio.example:9000`; `None` for AWS.
    pub endpoint: Option<String>,
    /// The region in the signatures.
    pub region: String,
    /// The id of the access key.
    pub key_id: String,
    /// The secret of the access key.
    pub secret: SecretKey,
    /// Whether the bucket's name is in the host (`https://bucket.host/key`) and not in the path
    /// (`https://host/bucket/key`).
    pub is_virtual_hosted: bool,
}

/// The secret of an access key. `Debug` does not show it, and its memory is wiped when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey(Zeroizing<String>);

impl SecretKey {
    /// Wraps a secret.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

impl fmt::Display for PicturePlace {
    /// As `SHOP_PICTURES` writes it: `database`, `file:///FOLDER` or `s3://BUCKET/PREFIX`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database => f.write_str("database"),
            Self::Folder(folder) => write!(f, "file://{}", folder.display()),
            Self::Bucket(bucket) if bucket.prefix.is_empty() => write!(f, "s3://{}", bucket.name),
            Self::Bucket(bucket) => write!(f, "s3://{}/{}", bucket.name, bucket.prefix),
        }
    }
}
