use crate::text::{TextError, TextForm, TextReader, TextWriter};

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

impl TextForm for PaymentParameters {
    fn write(&self, to: &mut TextWriter) {
        to.put("appId", &self.app_id);
        to.put("timeStamp", &self.time_stamp);
        to.put("nonceStr", &self.nonce_str);
        to.put("package", &self.package);
        to.put("signType", &self.sign_type);
        to.put("paySign", &self.pay_sign);
        to.put("out_trade_no", &self.out_trade_no);
    }

    fn read(from: &TextReader<'_>) -> Result<Self, TextError> {
        Ok(Self {
            app_id: from.get("appId")?,
            time_stamp: from.get("timeStamp")?,
            nonce_str: from.get("nonceStr")?,
            package: from.get("package")?,
            sign_type: from.get("signType")?,
            pay_sign: from.get("paySign")?,
            out_trade_no: from.get("out_trade_no")?,
        })
    }
}
