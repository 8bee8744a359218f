/// The parameters of `wx.config`, signed for one URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsConfig {
    /// The appid of the official account.
    pub app_id: String,
    /// Seconds since 1970.
    pub timestamp: i64,
    /// The random text that was signed.
    pub nonce_str: String,
    /// The signature: SHA-1 in lower-case hexadecimal.
    pub signature: String,
}

crate::text_form!(JsConfig {
    app_id: "appId",
    timestamp: "timestamp",
    nonce_str: "nonceStr",
    signature: "signature",
});
