//! The message settings of an account.

use serde::{Deserialize, Serialize};

use crate::random;

/// The message settings (消息推送) of a service account or a mini program.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PushSettings {
    /// The address for the messages. `None` means the path of our shop at the shop's address.
    pub(crate) url: Option<String>,
    pub(crate) token: String,
    pub(crate) encoding_aes_key: String,
    pub(crate) mode: PushMode,
    pub(crate) format: PushFormat,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PushMode {
    /// 明文模式
    Plain,
    /// 兼容模式
    Compatible,
    /// 安全模式
    #[default]
    Secure,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PushFormat {
    #[default]
    Xml,
    Json,
}

/// The settings in a seed. A missing token or key is random; the default is the secure mode with XML.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PushSeed {
    pub(crate) url: Option<String>,
    pub(crate) token: Option<String>,
    pub(crate) encoding_aes_key: Option<String>,
    pub(crate) mode: Option<PushMode>,
    pub(crate) format: Option<PushFormat>,
}

impl PushSeed {
    /// Checks and completes the settings. An error is the name of the wrong field and a sentence.
    pub(crate) fn build(self) -> Result<PushSettings, (&'static str, &'static str)> {
        let is_word = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let token = self.token.unwrap_or_else(|| random::alphanumeric(32));
        if !(3..=32).contains(&token.len()) || !is_word(&token) {
            return Err(("token", "write 3 to 32 letters or digits"));
        }
        let encoding_aes_key = self.encoding_aes_key.unwrap_or_else(|| random::alphanumeric(43));
        if encoding_aes_key.len() != 43 || !is_word(&encoding_aes_key) {
            return Err(("encoding_aes_key", "write 43 letters or digits"));
        }
        Ok(PushSettings {
            url: self.url,
            token,
            encoding_aes_key,
            mode: self.mode.unwrap_or_default(),
            format: self.format.unwrap_or_default(),
        })
    }
}
