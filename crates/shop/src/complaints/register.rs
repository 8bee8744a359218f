//! The address of the notifications about complaints, at WeChat.

use super::Complaints;
use crate::ShopError;

/// What the registration of the address did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Registered {
    /// It was registered already.
    Before,
    /// It is registered now. No address was registered.
    Now,
    /// It is registered now. It replaces this address.
    Replaces(String),
}

impl Complaints {
    /// The URL of notifications about complaints.
    #[must_use]
    pub fn notification_url(&self) -> String {
        self.settings.complaint_notify_url()
    }

    /// Registers the shop's address. `replace`: also if another address is registered.
    ///
    /// # Errors
    /// [`ShopError::NoPayV3`]; [`ShopError::BadRequest`] if another address is registered and `replace` is false;
    /// [`ShopError::WechatBusy`] and [`ShopError::WechatRefuses`].
    pub async fn register(&self, replace: bool) -> Result<Registered, ShopError> {
        let (client, url) = (self.client()?, self.notification_url());
        match client.complaint_notification_url().await? {
            Some(known) if known == url => Ok(Registered::Before),
            Some(known) if replace => {
                client.update_complaint_notification_url(&url).await?;
                Ok(Registered::Replaces(known))
            }
            Some(_) => Err(ShopError::BadRequest(
                "another address is registered for complaints: `server doctor` names it. To replace it, add --replace",
            )),
            None => {
                client.create_complaint_notification_url(&url).await?;
                Ok(Registered::Now)
            }
        }
    }
}
