/// The parameters with which a page or the mini program opens WeChat's payment sheet.
///
/// The signature covers the name `timeStamp`. `wx.chooseWXPay` takes the same value with the name `timestamp`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentParameters {
    /// The appid of the attempt's account.
    pub app_id: String,
    /// Seconds since 1970, as a text.
    pub time_stamp: String,
    /// The random text that was signed.
    pub nonce_str: String,
    /// `prepay_id=…`.
    pub package: String,
    /// `MD5`, `HMAC-SHA256` or `RSA`.
    pub sign_type: String,
    /// The signature of the other parameters, without `out_trade_no`.
    pub pay_sign: String,
    /// Our number of the attempt. It is not a parameter of the sheet.
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
