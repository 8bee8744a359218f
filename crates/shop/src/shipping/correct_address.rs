//! Staff correct the address of a paid order for a shopper who asks them to.

use model::{OrderId, audit::AuditAction, event::EventSource, record::DeliveryRecord};

use super::Shipping;
use crate::{
    Right, ShopError, Staff,
    checkout::{ChangeOrderAddress, check_delivery},
};

/// The address form of the console, as staff typed it.
#[derive(Clone, Debug)]
pub struct AddressForm {
    /// The recipient's name.
    pub name: String,
    /// The recipient's phone number.
    pub phone: String,
    /// The address in one line.
    pub address: String,
}

impl Shipping {
    /// Changes where a paid order goes, until the shop has sent the first parcel. The same address again changes nothing. The
    /// delivery cost stays as the shopper paid it. The audit log names the order only, because the address is personal data.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`]; the first problem of the form; [`ShopError::NotFound`] also for an order that is collected;
    /// [`ShopError::Sent`]; [`ShopError::NotPaid`] if the money went back; [`ShopError::RefundsUnknown`]; or a failing database.
    pub async fn correct_address(
        &self,
        staff: &Staff,
        id: &OrderId,
        form: AddressForm,
    ) -> Result<(), ShopError> {
        staff.check(Right::Ship)?;
        let known = self.store.delivery(id).await?.filter(|known| !known.is_pickup());
        let known = known.ok_or(ShopError::NotFound)?;
        let AddressForm { name, phone, address } = form;
        let new = check_delivery(DeliveryRecord { name, phone, address, ..known.clone() })?;
        if new == known {
            return Ok(());
        }
        let now_ms = self.clock.now_ms();
        let audit = self.audit.record(staff.name.as_str(), AuditAction::CorrectAddress, id.to_string());
        let row = DeliveryRecord { changed_ms: Some(now_ms), ..new };
        let change = ChangeOrderAddress { row, now_ms, source: EventSource::Merchant, audit: Some(audit) };
        self.store.write(change).await?
    }
}
