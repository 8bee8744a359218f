//! The addresses of shoppers.

/// A person and the place where that person receives parcels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// The name.
    pub name: String,
    /// The phone number.
    pub phone: String,
    /// Province, city, district.
    pub region: String,
    /// Street, house, door.
    pub detail: String,
}

impl Recipient {
    /// The whole address in one line.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{} {}", self.region, self.detail)
    }
}

/// An address that a shopper saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Its id.
    pub id: String,
    /// The recipient.
    pub recipient: Recipient,
    /// Whether the shopper chose it as the default.
    pub is_default: bool,
}
