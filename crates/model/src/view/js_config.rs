use crate::text::{TextError, TextForm, TextReader, TextWriter};

/// What `wx.config` takes, for one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsConfig {
    /// The official account.
    pub app_id: String,
    /// Seconds since 1970.
    pub timestamp: i64,
    /// The random text that was signed.
    pub nonce_str: String,
    /// SHA-1, lower-case hexadecimal.
    pub signature: String,
}

impl TextForm for JsConfig {
    fn write(&self, to: &mut TextWriter) {
        to.put("appId", &self.app_id);
        to.put("timestamp", &self.timestamp.to_string());
        to.put("nonceStr", &self.nonce_str);
        to.put("signature", &self.signature);
    }

    fn read(from: &TextReader<'_>) -> Result<Self, TextError> {
        Ok(Self {
            app_id: from.get("appId")?,
            timestamp: from.parse("timestamp")?,
            nonce_str: from.get("nonceStr")?,
            signature: from.get("signature")?,
        })
    }
}
