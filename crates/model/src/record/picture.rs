use crate::AfterSaleId;

/// A picture: of a product, or of a shopper about an after-sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureRecord {
    /// The media type.
    pub media_type: String,
    /// The bytes of the file; empty if they are in a folder or a bucket.
    pub bytes: Vec<u8>,
    /// The key in the folder or the bucket; empty if the picture was never there. While a picture is moved, the row has
    /// the bytes and the key.
    pub object: String,
}

/// A row with a picture, without the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureRow {
    /// The row.
    pub owner: PictureOwner,
    /// See [`PictureRecord::object`].
    pub object: String,
    /// Whether the row has the bytes.
    pub is_inside: bool,
}

/// The owner of a picture, which names its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PictureOwner {
    /// A picture of products, by the hash of its bytes.
    Product(String),
    /// A picture of an after-sale, by the number of the picture from 1.
    AfterSale(AfterSaleId, i64),
}
