/// What the bridge takes to open WeChat's payment sheet.
///
/// The signature covers `timeStamp`; `wx.chooseWXPay` takes the same value as `timestamp`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentParameters {
    /// The account that the payment was ordered with.
    pub app_id: String,
    /// Seconds since 1970, as a text.
    pub time_stamp: String,
    /// The random text that was signed.
    pub nonce_str: String,
    /// `prepay_id=…`.
    pub package: String,
    /// `MD5`, `HMAC-SHA256` or `RSA`.
    pub sign_type: String,
    /// The signature.
    pub pay_sign: String,
    /// The number of the attempt.
    pub out_trade_no: String,
}

crate::text_form!(PaymentParameters {
    app_id: "appId",
    time_stamp: "timeStamp",
    nonce_str: "nonceStr",
    package: "package",
    sign_type: "signType",
    pay_sign: "paySign",
    out_trade_no: "out_trade_no",
});
