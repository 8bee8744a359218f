//! Where shoppers have things sent.

use model::Shopper;

use crate::{Shop, ShopError, ids::nonce};

/// Who gets a parcel, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// A name.
    pub name: String,
    /// A telephone number.
    pub phone: String,
    /// Province, city, district.
    pub region: String,
    /// Street, house, door.
    pub detail: String,
}

/// An address that a shopper has saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Its id.
    pub id: String,
    /// What it says.
    pub recipient: Recipient,
}

/// Addresses of one shopper at most.
const MOST: usize = 20;

impl Recipient {
    /// The whole address in one line.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{} {}", self.region, self.detail)
    }

    /// The same without white space around it.
    ///
    /// # Errors
    /// [`ShopError::AddressIncomplete`] where something is missing, or too long to be printed on a label.
    pub fn checked(self) -> Result<Self, ShopError> {
        let line = |text: String, longest: usize| {
            let text = text.trim();
            let fits = (1..=longest).contains(&text.chars().count()) && !text.contains(char::is_control);
            if fits { Ok(text.to_owned()) } else { Err(ShopError::AddressIncomplete) }
        };
        let phone = line(self.phone, 20)?;
        let digits = phone.chars().filter(char::is_ascii_digit).count();
        if digits < 5 || !phone.chars().all(|c| c.is_ascii_digit() || "+- ".contains(c)) {
            return Err(ShopError::AddressIncomplete);
        }
        Ok(Self {
            name: line(self.name, 30)?,
            phone,
            region: line(self.region, 60)?,
            detail: line(self.detail, 120)?,
        })
    }
}

impl Shop {
    /// A shopper's addresses, the one used last first.
    ///
    /// # Errors
    /// A failing database.
    pub async fn addresses(&self, shopper: &Shopper) -> Result<Vec<Address>, ShopError> {
        Ok(self.store().addresses(shopper).await?)
    }

    /// Saves an address and gives it with its id; one that is saved already is that one.
    ///
    /// # Errors
    /// [`ShopError::AddressIncomplete`], [`ShopError::TooManyAddresses`], or a failing database.
    pub async fn save_address(&self, shopper: &Shopper, recipient: Recipient) -> Result<Address, ShopError> {
        let recipient = recipient.checked()?;
        let saved = self.store().addresses(shopper).await?;
        if let Some(same) = saved.iter().find(|address| address.recipient == recipient) {
            return Ok(same.clone());
        }
        if saved.len() >= MOST {
            return Err(ShopError::TooManyAddresses);
        }
        let address = Address { id: nonce(self.ids()), recipient };
        self.store().add_address(shopper, &address, self.clock().now_ms()).await?;
        Ok(address)
    }

    /// Forgets an address; one that is not the shopper's stays.
    ///
    /// # Errors
    /// A failing database.
    pub async fn forget_address(&self, shopper: &Shopper, id: &str) -> Result<(), ShopError> {
        Ok(self.store().drop_address(shopper, id).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipient(name: &str, phone: &str) -> Recipient {
        Recipient {
            name: name.to_owned(),
            phone: phone.to_owned(),
            region: "上海市 徐汇区".to_owned(),
            detail: "衡山路 1 号".to_owned(),
        }
    }

    #[test]
    fn an_address_is_complete_or_refused() {
        assert_eq!(recipient(" 小王🌸 ", "138 0000 0000").checked().unwrap().name, "小王🌸");
        for (name, phone) in
            [("", "13800000000"), ("小王", ""), ("小王", "1"), ("小王", "call me"), ("小\n王", "13800000000")]
        {
            assert!(
                matches!(recipient(name, phone).checked(), Err(ShopError::AddressIncomplete)),
                "{name:?}"
            );
        }
        assert!(recipient(&"王".repeat(31), "13800000000").checked().is_err());
    }
}
