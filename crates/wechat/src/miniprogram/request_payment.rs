use crate::pay::{v2, v3};

/// The arguments of `wx.requestPayment`. Create the order and the parameters with the `appid` and the openid of the
/// mini program: the signature covers the `appid`, although it is not an argument.
///
/// ```
/// use wechat::{miniprogram::RequestPayment, pay::v2::{Merchant, SignType, jsapi_parameters}};
///
/// let merchant = Merchant::new("wx4f4bc4dec97d474b", "10000100", "192006250b4c09247ec02edce69f6a2d");
/// let parameters = jsapi_parameters(&merchant, SignType::HmacSha256, "wx2014", 1_414_587_457, "5K8264ILTKCH16CQ");
/// let payment = RequestPayment::from(parameters);
/// assert_eq!((&*payment.package, &*payment.sign_type), ("prepay_id=wx2014", "HMAC-SHA256"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestPayment {
    /// `timeStamp`, seconds since 1970 as text.
    pub time_stamp: String,
    /// `nonceStr`.
    pub nonce_str: String,
    /// `package`: `prepay_id=…`.
    pub package: String,
    /// `signType`: `MD5`, `HMAC-SHA256` or `RSA`.
    pub sign_type: String,
    /// `paySign`.
    pub pay_sign: String,
}

impl From<v2::JsapiParameters> for RequestPayment {
    fn from(parameters: v2::JsapiParameters) -> Self {
        Self {
            time_stamp: parameters.time_stamp,
            nonce_str: parameters.nonce_str,
            package: parameters.package,
            sign_type: parameters.sign_type.as_str().to_owned(),
            pay_sign: parameters.pay_sign,
        }
    }
}

impl From<v3::JsapiParameters> for RequestPayment {
    fn from(parameters: v3::JsapiParameters) -> Self {
        Self {
            time_stamp: parameters.time_stamp,
            nonce_str: parameters.nonce_str,
            package: parameters.package,
            sign_type: parameters.sign_type.to_owned(),
            pay_sign: parameters.pay_sign,
        }
    }
}
