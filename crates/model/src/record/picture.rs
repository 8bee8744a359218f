use crate::AfterSaleId;

/// A picture: of a product, or of a shopper about an after-sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureRecord {
    /// The media type.
    pub media_type: String,
    /// The bytes of the file; empty if they are outside the database.
    pub bytes: Vec<u8>,
    /// The key outside the database; empty if the picture was never there. While a picture is moved, it has its bytes, too.
    pub object: String,
}

/// A row with a picture, without the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureRow {
    /// Which row.
    pub owner: PictureOwner,
    /// As [`PictureRecord::object`].
    pub object: String,
    /// Whether the row has the bytes.
    pub is_inside: bool,
}

/// To what a picture belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PictureOwner {
    /// A picture of products, by the hash of its bytes.
    Product(String),
    /// A picture of an after-sale, by its number.
    AfterSale(AfterSaleId, i64),
}
