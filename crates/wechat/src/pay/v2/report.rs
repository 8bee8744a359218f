use super::{Client, Merchant, SignType, SignedRequest, sign_request};
use crate::{Error, wire::xml};

/// A report for WeChat about the merchant's calls, `payitil/report` (doc/v2/merchant: 交易保障). It has no effect on
/// payments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The called address, at most 127 bytes.
    pub interface_url: String,
    /// The IP address of the caller.
    pub user_ip: String,
    /// The payments, a JSON text of at most 1,024 bytes:
    /// `[{"out_trade_no":"…","begin_time":"yyyyMMddHHmmss","end_time":"yyyyMMddHHmmss","state":"OK","err_msg":""}]`.
    pub trades: String,
    /// The terminal's number, at most 32 bytes.
    pub device_info: Option<String>,
}

impl Report {
    /// The signed XML. `nonce_str` is at most 32 letters and digits, random.
    ///
    /// ```
    /// use wechat::pay::v2::{Merchant, Report, SignType};
    ///
    /// let merchant = Merchant::new("wxd930ea5d5a258f4f", "10000100", "192006250b4c09247ec02edce69f6a2d");
    /// let report = Report {
    ///     interface_url: "https://api.mch.weixin.qq.com/pay/micropay".into(),
    ///     user_ip: "203.0.113.7".into(),
    ///     trades: r#"[{"out_trade_no":"20260101000001","state":"OK"}]"#.into(),
    ///     device_info: None,
    /// };
    /// assert!(report.request(&merchant, SignType::Md5, "a nonce").as_str().contains("<sign>"));
    /// ```
    #[must_use]
    pub fn request(&self, merchant: &Merchant, sign_type: SignType, nonce_str: &str) -> SignedRequest<Self> {
        let mut fields = merchant
            .fields(sign_type, nonce_str)
            .with("interface_url", &self.interface_url)
            .with("user_ip", &self.user_ip)
            .with("trades", &self.trades);
        if let Some(device_info) = &self.device_info {
            fields.set("device_info", device_info);
        }
        sign_request(&fields, merchant.key(), sign_type)
    }
}

impl Client {
    /// Sends a report (`payitil/report`), without a retry.
    ///
    /// ```no_run
    /// use wechat::pay::v2::{Client, Report, SignedRequest};
    ///
    /// # async fn example(client: Client, request: SignedRequest<Report>) -> Result<(), wechat::Error> {
    /// client.report(&request).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// An error if the call failed. The response is not signed, so it proves nothing.
    pub async fn report(&self, request: &SignedRequest<Report>) -> Result<(), Error> {
        const ENDPOINT: &str = "payitil/report";
        let post = self
            .http()
            .post(&format!("{}/{ENDPOINT}", self.endpoints().mch()))
            .header("content-type", "text/xml; charset=utf-8")
            .body(request.as_str().to_owned());
        let answer = self.http().send(ENDPOINT, post).await?;
        let fields = xml::parse(&answer).map_err(|error| Error::malformed(ENDPOINT, error))?;
        for name in ["return_code", "result_code"] {
            if fields.get(name) != Some("SUCCESS") {
                let message = fields.get("return_msg").unwrap_or_default().to_owned();
                return Err(Error::unsigned(ENDPOINT, message));
            }
        }
        Ok(())
    }
}
