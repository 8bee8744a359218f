use serde::{Deserialize, Serialize};

use super::MessageData;
use crate::{Error, Official, official::response};

/// A template message of an official account (模板消息, `message/template/send`). The user must follow the account.
#[derive(Clone, Debug, Serialize)]
pub struct TemplateMessage {
    touser: String,
    template_id: String,
    data: MessageData,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    miniprogram: Option<MiniProgramLink>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_msg_id: Option<String>,
}

/// A page of a mini program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MiniProgramLink {
    /// The appid of the mini program.
    pub appid: String,
    /// The page with its query.
    pub pagepath: String,
}

impl TemplateMessage {
    /// A message without a link.
    #[must_use]
    pub fn new(openid: impl Into<String>, template_id: impl Into<String>, data: MessageData) -> Self {
        Self {
            touser: openid.into(),
            template_id: template_id.into(),
            data,
            url: None,
            miniprogram: None,
            client_msg_id: None,
        }
    }

    /// Sets the address that a tap opens.
    #[must_use]
    pub fn with_url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// Sets the page of a mini program that a tap opens. It has priority over the address.
    #[must_use]
    pub fn with_miniprogram(mut self, link: MiniProgramLink) -> Self {
        self.miniprogram = Some(link);
        self
    }

    /// Sets an id against duplicates: WeChat sends messages with the same id to the same user only once within ten
    /// minutes.
    #[must_use]
    pub fn with_client_msg_id(mut self, id: impl Into<String>) -> Self {
        self.client_msg_id = Some(id.into());
        self
    }
}

/// A subscription notification of an official account (订阅通知, `message/subscribe/bizsend`).
///
/// The user must first allow the template with `<wx-open-subscribe>`. Each consent allows one message.
#[derive(Clone, Debug, Serialize)]
pub struct SubscriptionNotification {
    touser: String,
    template_id: String,
    data: MessageData,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    miniprogram: Option<MiniProgramLink>,
}

impl SubscriptionNotification {
    /// A message without a link.
    #[must_use]
    pub fn new(openid: impl Into<String>, template_id: impl Into<String>, data: MessageData) -> Self {
        Self { touser: openid.into(), template_id: template_id.into(), data, page: None, miniprogram: None }
    }

    /// Sets the address of the web page that a tap opens.
    #[must_use]
    pub fn with_page(mut self, page: impl Into<String>) -> Self {
        self.page = Some(page.into());
        self
    }

    /// Sets the page of a mini program that a tap opens.
    #[must_use]
    pub fn with_miniprogram(mut self, link: MiniProgramLink) -> Self {
        self.miniprogram = Some(link);
        self
    }
}

#[derive(Deserialize)]
struct Accepted {
    msgid: i64,
}

impl Official {
    /// Sends a template message. Returns WeChat's number of the message. WeChat reports the result of the delivery with
    /// the event `TEMPLATESENDJOBFINISH`.
    ///
    /// # Errors
    /// Code `43004`: the user does not follow the account. Code `40037`: no such template. Code `47003`: a field does
    /// not fit the template. The errors of [`Official::access_token`].
    pub async fn send_template_message(&self, message: &TemplateMessage) -> Result<i64, Error> {
        const ENDPOINT: &str = "cgi-bin/message/template/send";
        let body = self.post_once(ENDPOINT, message).await?;
        Ok(response::read::<Accepted>(ENDPOINT, &body)?.msgid)
    }

    /// Sends a subscription notification. The call does not repeat itself after a lost response: WeChat may have sent
    /// the message.
    ///
    /// # Errors
    /// [`Error::is_message_refused`]: the user refuses the message, or the consent is used up. Code `47003`: a field
    /// does not fit the template. The errors of [`Official::access_token`].
    pub async fn send_subscription_notification(
        &self,
        message: &SubscriptionNotification,
    ) -> Result<(), Error> {
        self.post_once("cgi-bin/message/subscribe/bizsend", message).await.map(drop)
    }
}
