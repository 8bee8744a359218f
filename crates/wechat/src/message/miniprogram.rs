use serde::Serialize;

use super::MessageData;
use crate::{Error, miniprogram::MiniProgram};

/// A subscription message of a mini program (`message/subscribe/send`).
///
/// The user must first allow the template with `wx.requestSubscribeMessage`. Each consent allows one message.
#[derive(Clone, Debug, Serialize)]
pub struct SubscribeMessage {
    touser: String,
    template_id: String,
    data: MessageData,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<String>,
    miniprogram_state: MiniProgramState,
    lang: &'static str,
}

/// The version of the mini program that a tap on the message opens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MiniProgramState {
    /// The released version.
    #[default]
    Formal,
    /// The trial version.
    Trial,
    /// The developers' version.
    Developer,
}

impl SubscribeMessage {
    /// A message in Chinese, for the released version.
    #[must_use]
    pub fn new(openid: impl Into<String>, template_id: impl Into<String>, data: MessageData) -> Self {
        Self {
            touser: openid.into(),
            template_id: template_id.into(),
            data,
            page: None,
            miniprogram_state: MiniProgramState::default(),
            lang: "zh_CN",
        }
    }

    /// Sets the page that a tap opens, with its query.
    #[must_use]
    pub fn with_page(mut self, page: impl Into<String>) -> Self {
        self.page = Some(page.into());
        self
    }

    /// Sets the version that a tap opens.
    #[must_use]
    pub const fn with_state(mut self, state: MiniProgramState) -> Self {
        self.miniprogram_state = state;
        self
    }

    /// Sends the message in English. The default is Chinese.
    #[must_use]
    pub const fn in_english(mut self) -> Self {
        self.lang = "en_US";
        self
    }
}

impl MiniProgram {
    /// Sends a subscription message. The call does not repeat itself after a lost response: WeChat may have sent the
    /// message.
    ///
    /// # Errors
    /// [`Error::is_message_refused`]: the user refuses the message, or the consent is used up. Code `47003`: a field
    /// does not fit the template. Code `43107`: WeChat banned the template. The errors of
    /// [`Official::access_token`](crate::Official::access_token).
    pub async fn send_subscribe_message(&self, message: &SubscribeMessage) -> Result<(), Error> {
        self.post("cgi-bin/message/subscribe/send", message).await.map(drop)
    }
}
