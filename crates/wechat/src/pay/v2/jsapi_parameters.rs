use super::{Merchant, SignType};
use crate::wire::{Fields, sign};

/// The parameters with which a page starts a payment.
///
/// `WeixinJSBridge.invoke('getBrandWCPayRequest', …)` takes these names in camel case, including `timeStamp`.
/// `wx.chooseWXPay` takes the same value as `timestamp`, and no `appId`. Both require `signType`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsapiParameters {
    /// `appId` of the merchant.
    pub app_id: String,
    /// `timeStamp`, seconds since 1970 as text.
    pub time_stamp: String,
    /// `nonceStr`.
    pub nonce_str: String,
    /// `package`: `prepay_id=…`.
    pub package: String,
    /// `signType`, the sign type of the order. Without it the JS-SDK sends `SHA1` and the payment fails.
    pub sign_type: SignType,
    /// `paySign`.
    pub pay_sign: String,
}

/// Signs the parameters of a payment (doc/v2/merchant/4011937228). `time_stamp` is in seconds since 1970; `sign_type`
/// is the one of the order.
///
/// ```
/// use wechat::pay::v2::{Merchant, SignType, jsapi_parameters};
///
/// let merchant = Merchant::new("wxd930ea5d5a258f4f", "10000100", "192006250b4c09247ec02edce69f6a2d");
/// let parameters = jsapi_parameters(&merchant, SignType::Md5, "wx2014", 1_414_587_457, "5K8264ILTKCH16CQ");
/// assert_eq!(parameters.package, "prepay_id=wx2014");
/// assert_eq!(parameters.time_stamp, "1414587457");
/// assert_eq!(parameters.pay_sign.len(), 32);
/// ```
#[must_use]
pub fn jsapi_parameters(
    merchant: &Merchant,
    sign_type: SignType,
    prepay_id: &str,
    time_stamp: i64,
    nonce_str: &str,
) -> JsapiParameters {
    let time_stamp = time_stamp.to_string();
    let package = format!("prepay_id={prepay_id}");
    // the signed name is timeStamp, whatever name the page uses
    let fields = Fields::new()
        .with("appId", merchant.appid())
        .with("timeStamp", &*time_stamp)
        .with("nonceStr", nonce_str)
        .with("package", &*package)
        .with("signType", sign_type.as_str());
    JsapiParameters {
        app_id: merchant.appid().to_owned(),
        time_stamp,
        nonce_str: nonce_str.to_owned(),
        package,
        sign_type,
        pay_sign: sign::sign(&fields, merchant.key().expose(), sign_type),
    }
}
