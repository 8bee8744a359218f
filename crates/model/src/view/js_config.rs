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

crate::text_form!(JsConfig {
    app_id: "appId",
    timestamp: "timestamp",
    nonce_str: "nonceStr",
    signature: "signature",
});
