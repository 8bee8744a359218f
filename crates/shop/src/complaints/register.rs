//! Registers the URL of complaint notifications at WeChat, for `server complaints register`.

use super::Complaints;
use crate::ShopError;

/// The result of a registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Registered {
    /// The URL was registered before.
    Before,
    /// The URL is registered now. Before, none was registered.
    Now,
    /// The URL is registered now. It replaces this URL.
    Replaces(String),
}

impl Complaints {
    /// The shop's URL for complaint notifications.
    #[must_use]
    pub fn notification_url(&self) -> String {
        self.settings.complaint_notify_url()
    }

    /// Registers the shop's URL. With `replace` it replaces another registered URL.
    ///
    /// # Errors
    /// [`ShopError::NoPayV3`]; [`ShopError::BadRequest`] if another URL is registered and `replace` is `false`;
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
