use super::Merchant;
use crate::wire::v3::pay_message;

/// The parameters with which a page or a mini program starts a payment.
///
/// `WeixinJSBridge.invoke('getBrandWCPayRequest', …)` takes these names in camel case, including `timeStamp`.
/// `wx.chooseWXPay` takes the same value as `timestamp`, and no `appId`. `wx.requestPayment` of a mini program takes
/// `timeStamp` and no `appId`. The signature always covers the `appId`.
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
    /// `signType`: `RSA`. Without it the JS-SDK sends `SHA1` and the payment fails.
    pub sign_type: &'static str,
    /// `paySign`.
    pub pay_sign: String,
}

/// The parameters with which a phone app starts a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppParameters {
    /// `appid` of the merchant.
    pub appid: String,
    /// `partnerid`: the merchant number.
    pub partnerid: String,
    /// `prepayid`: the `prepay_id` without prefix.
    pub prepayid: String,
    /// `package`: `Sign=WXPay`. Android's SDK calls it `packageValue`.
    pub package: &'static str,
    /// `noncestr`.
    pub noncestr: String,
    /// `timestamp`, seconds since 1970 as text.
    pub timestamp: String,
    /// `sign`.
    pub sign: String,
}

/// Signs the parameters for a page or a mini program (doc/v3/merchant: JSAPI调起支付签名). `time_stamp` is in seconds since
/// 1970.
///
/// ```
/// use wechat::pay::v3::{ApiV3Key, Credential, Merchant, jsapi_parameters};
///
/// let pem = include_str!("../../../tests/keys/merchant_pkcs8.pem");
/// let merchant = Merchant::new(
///     "wx2421b1c4370ec43b",
///     Credential::from_pem("1900009191", "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C", pem)?,
///     ApiV3Key::parse("5YI2YwEdV56hCsNEoOGEeL17vRFcz3i6")?,
/// );
/// let parameters = jsapi_parameters(&merchant, "wx2014", 1_554_208_460, "593BEC0C930BF1AFEB40B4A08C8FB242");
/// assert_eq!((&*parameters.package, parameters.sign_type), ("prepay_id=wx2014", "RSA"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn jsapi_parameters(
    merchant: &Merchant,
    prepay_id: &str,
    time_stamp: i64,
    nonce_str: &str,
) -> JsapiParameters {
    let package = format!("prepay_id={prepay_id}");
    JsapiParameters {
        pay_sign: sign(merchant, time_stamp, nonce_str, &package),
        app_id: merchant.appid().to_owned(),
        time_stamp: time_stamp.to_string(),
        nonce_str: nonce_str.to_owned(),
        package,
        sign_type: "RSA",
    }
}

/// Signs the parameters for a phone app (doc/v3/merchant: APP调起支付签名). The signature covers the `prepay_id` without
/// prefix, not `prepay_id=…` and not `Sign=WXPay`. `timestamp` is in seconds since 1970.
///
/// ```
/// use wechat::pay::v3::{ApiV3Key, Credential, Merchant, app_parameters};
///
/// # let pem = include_str!("../../../tests/keys/merchant_pkcs8.pem");
/// # let credential = Credential::from_pem("1900009191", "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C", pem)?;
/// # let merchant = Merchant::new("wxd678efh567hg6787", credential,
/// #     ApiV3Key::parse("5YI2YwEdV56hCsNEoOGEeL17vRFcz3i6")?);
/// let parameters = app_parameters(&merchant, "wx2014", 1_554_208_460, "593BEC0C930BF1AFEB40B4A08C8FB242");
/// assert_eq!((&*parameters.prepayid, parameters.package), ("wx2014", "Sign=WXPay"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn app_parameters(
    merchant: &Merchant,
    prepay_id: &str,
    timestamp: i64,
    nonce_str: &str,
) -> AppParameters {
    AppParameters {
        sign: sign(merchant, timestamp, nonce_str, prepay_id),
        appid: merchant.appid().to_owned(),
        partnerid: merchant.mchid().to_owned(),
        prepayid: prepay_id.to_owned(),
        package: "Sign=WXPay",
        noncestr: nonce_str.to_owned(),
        timestamp: timestamp.to_string(),
    }
}

fn sign(merchant: &Merchant, time_stamp: i64, nonce_str: &str, package: &str) -> String {
    let message = pay_message(merchant.appid(), time_stamp, nonce_str, package);
    merchant.credential().private_key().sign(&message)
}
