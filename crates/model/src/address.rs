//! Addresses that shoppers save. The address of an order is [`DeliveryRecord`](crate::record::DeliveryRecord).

/// A person and the place where that person receives parcels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// The recipient's name.
    pub name: String,
    /// The recipient's phone number.
    pub phone: String,
    /// Province, city and district, such as `广东省 深圳市 南山区`.
    pub region: String,
    /// Street, house and door.
    pub detail: String,
}

impl Recipient {
    /// The region and the detail in one line.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{} {}", self.region, self.detail)
    }
}

/// An address that a shopper saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// 32 random hexadecimal digits.
    pub id: String,
    /// Who receives parcels there.
    pub recipient: Recipient,
    /// Whether new orders propose it first. A shopper has at most one default.
    pub is_default: bool,
}
