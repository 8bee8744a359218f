//! The addresses of shoppers: checks, and the shopper's list.

use model::{
    Shopper,
    address::{Address, Recipient},
    record::DeliveryRecord,
};

use crate::{Checkout, ShopError, ids::nonce, typed};

/// The maximum number of addresses of one shopper.
const MAX_ADDRESSES: i64 = 20;

/// A field of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressField {
    /// The recipient's name.
    Name,
    /// The phone number.
    Phone,
    /// Province, city and district.
    Region,
    /// Street, house and door.
    Detail,
}

/// The wrong fields of an address, each with its error. Empty if the address can be saved.
#[must_use]
pub fn address_problems(recipient: &Recipient) -> Vec<(AddressField, ShopError)> {
    let fields = [
        (AddressField::Name, checked_name(&recipient.name)),
        (AddressField::Phone, checked_phone(&recipient.phone)),
        (AddressField::Region, line(&recipient.region, 60)),
        (AddressField::Detail, line(&recipient.detail, 120)),
    ];
    fields.into_iter().filter_map(|(field, checked)| Some((field, checked.err()?))).collect()
}

/// Normalises a recipient: no white space around the texts, and ASCII digits in the phone number.
///
/// # Errors
/// [`ShopError::AddressIncomplete`] if a text is missing or has control characters, [`ShopError::AddressTooLong`] if a
/// text does not fit on a label, [`ShopError::PhoneInvalid`].
pub fn check_recipient(recipient: &Recipient) -> Result<Recipient, ShopError> {
    Ok(Recipient {
        name: checked_name(&recipient.name)?,
        phone: checked_phone(&recipient.phone)?,
        region: line(&recipient.region, 60)?,
        detail: line(&recipient.detail, 120)?,
    })
}

/// Checks an address that staff type in one line, and writes it into the delivery.
pub(crate) fn check_delivery(typed: DeliveryRecord) -> Result<DeliveryRecord, ShopError> {
    Ok(DeliveryRecord {
        name: checked_name(&typed.name)?,
        phone: checked_phone(&typed.phone)?,
        address: line(&typed.address, 180)?,
        ..typed
    })
}

fn line(text: &str, longest: usize) -> Result<String, ShopError> {
    let text = typed::line(text);
    match text.chars().count() {
        0 => Err(ShopError::AddressIncomplete),
        _ if text.contains(char::is_control) => Err(ShopError::AddressIncomplete),
        length if length > longest => Err(ShopError::AddressTooLong),
        _ => Ok(text),
    }
}

/// A person's name, normalised.
pub(super) fn checked_name(name: &str) -> Result<String, ShopError> {
    line(name, 30)
}

/// A phone number, normalised.
pub(super) fn checked_phone(phone: &str) -> Result<String, ShopError> {
    let phone = typed::number(phone);
    if phone.is_empty() {
        return Err(ShopError::AddressIncomplete);
    }
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    let has_form = phone.chars().all(|c| c.is_ascii_digit() || "+-() ".contains(c));
    // a Chinese number that begins with 1 is a mobile number with 11 digits
    let least = if phone.starts_with('1') { 11 } else { 5 };
    if !(least..=15).contains(&digits) || !has_form || phone.len() > 20 {
        return Err(ShopError::PhoneInvalid);
    }
    Ok(phone)
}

impl Checkout {
    /// A shopper's addresses: the default one first, then the last used first.
    ///
    /// # Errors
    /// A failing database.
    pub async fn addresses(&self, shopper: &Shopper) -> Result<Vec<Address>, ShopError> {
        Ok(self.store.addresses(shopper).await?)
    }

    /// Saves an address and returns it with its id. If the shopper has the same address already, returns that one.
    ///
    /// # Errors
    /// As [`check_recipient`]; [`ShopError::TooManyAddresses`], or a failing database.
    pub async fn save_address(&self, shopper: &Shopper, recipient: Recipient) -> Result<Address, ShopError> {
        let recipient = check_recipient(&recipient)?;
        let address = Address { id: nonce(&*self.ids), recipient, is_default: false };
        if self.store.add_address(shopper, &address, MAX_ADDRESSES, self.clock.now_ms()).await? {
            return Ok(address);
        }
        let saved = self.store.addresses(shopper).await?;
        let same = saved.into_iter().find(|known| known.recipient == address.recipient);
        same.ok_or(ShopError::TooManyAddresses)
    }

    /// Changes an address of the shopper. Existing orders keep the old text.
    ///
    /// # Errors
    /// As [`check_recipient`]; [`ShopError::NotFound`] also for another shopper's address, or a failing database.
    pub async fn change_address(
        &self,
        shopper: &Shopper,
        id: &str,
        recipient: Recipient,
    ) -> Result<(), ShopError> {
        let recipient = check_recipient(&recipient)?;
        if !self.store.change_address(shopper, id, &recipient).await? {
            return Err(ShopError::NotFound);
        }
        // the shopper probably changes the address for the next order
        Ok(self.store.use_address(shopper, id, self.clock.now_ms()).await?)
    }

    /// Makes an address of the shopper the default, which each new order proposes. Does nothing for another shopper's
    /// address.
    ///
    /// # Errors
    /// A failing database.
    pub async fn make_address_default(&self, shopper: &Shopper, id: &str) -> Result<(), ShopError> {
        Ok(self.store.make_address_default(shopper, id).await?)
    }

    /// Deletes an address of the shopper. Does nothing for another shopper's address.
    ///
    /// # Errors
    /// A failing database.
    pub async fn forget_address(&self, shopper: &Shopper, id: &str) -> Result<(), ShopError> {
        Ok(self.store.delete_address(shopper, id).await?)
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
        assert_eq!(check_recipient(&recipient(" 小王🌸 ", "138 0000 0000")).unwrap().name, "小王🌸");
        for (name, phone) in [("", "13800000000"), ("小王", ""), ("小\n王", "13800000000")] {
            assert!(
                matches!(check_recipient(&recipient(name, phone)), Err(ShopError::AddressIncomplete)),
                "{name:?}"
            );
        }
        for phone in ["1", "1380013", "138 0013 800", "call me", "138000000001380000"] {
            assert!(
                matches!(check_recipient(&recipient("小王", phone)), Err(ShopError::PhoneInvalid)),
                "{phone}"
            );
        }
        let long = check_recipient(&recipient(&"王".repeat(31), "13800000000"));
        assert!(matches!(long, Err(ShopError::AddressTooLong)));
    }

    #[test]
    fn a_telephone_number_is_taken_as_people_paste_it() {
        for (pasted, kept) in [
            ("\u{202d}138 0013 8000\u{202c}", "138 0013 8000"),
            ("（021）5555 0000", "(021)5555 0000"),
            ("5555 000", "5555 000"),
            ("＋８６\u{a0}13800138000", "+86 13800138000"),
        ] {
            assert_eq!(check_recipient(&recipient("小王", pasted)).unwrap().phone, kept, "{pasted:?}");
        }
    }
}
