//! Sends an abnormal refund to another account (发起异常退款).

use serde::Serialize;

use super::{
    Client, Refund,
    client::{Call, segment},
    refund_calls::read_refund,
};
use crate::{Error, Secret};

/// The account that receives an abnormal refund ([`super::RefundStatus::Abnormal`]). See
/// docs/merchant/apis/refund/refunds/create-abnormal-refund.html (发起异常退款).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AbnormalRefund {
    /// A debit card of the shopper.
    UserBankCard {
        /// The bank, such as `ICBC_DEBIT`, at most 16 bytes. WeChat supports only ICBC, CMB, CCB, ABC, BOC, BCM, PAB,
        /// SPDB, CITIC, CEB, CMBC, CIB, GDB, PSBC and the bank of Ningbo.
        bank_type: String,
        /// The number of the card. The client encrypts it.
        bank_account: Secret,
        /// The name of the card's owner. The client encrypts it.
        real_name: Secret,
    },
    /// The bank account of the merchant. The merchant then pays the shopper in another way.
    MerchantBankCard,
}

#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_mchid: Option<&'a str>,
    out_refund_no: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    bank_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bank_account: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    real_name: Option<String>,
}

impl Client {
    /// Sets the account that receives an abnormal refund
    /// (`v3/refund/domestic/refunds/{refund_id}/apply-abnormal-refund`). `refund_id` is WeChat's number of the refund,
    /// `out_refund_no` the shop's.
    ///
    /// ```no_run
    /// use wechat::{Secret, pay::v3::{AbnormalRefund, Client, Refund}};
    ///
    /// # async fn elsewhere(client: Client, refund: Refund) -> Result<(), wechat::Error> {
    /// let to = AbnormalRefund::UserBankCard {
    ///     bank_type: "ICBC_DEBIT".into(),
    ///     bank_account: Secret::new("6222020000000000000"),
    ///     real_name: Secret::new("张三"),
    /// };
    /// let refund = client.apply_abnormal_refund(&refund.refund_id, &refund.out_refund_no, &to).await?;
    /// println!("{:?}", refund.status);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// A configuration error if the key ring has no key for encryption ([`Client::update_certificates`] downloads
    /// one), or if the account or the name is too long; `INVALID_REQUEST` if the refund is not abnormal.
    pub async fn apply_abnormal_refund(
        &self,
        refund_id: &str,
        out_refund_no: &str,
        to: &AbnormalRefund,
    ) -> Result<Refund, Error> {
        const ENDPOINT: &str = "v3/refund/domestic/refunds/apply-abnormal-refund";
        let url = format!("/v3/refund/domestic/refunds/{}/apply-abnormal-refund", segment(refund_id));
        let sub_mchid = self.merchant().sub_merchant().map(|sub| &*sub.mch_id);
        let nothing =
            Body { sub_mchid, out_refund_no, kind: "", bank_type: None, bank_account: None, real_name: None };
        let (body, serial) = match to {
            AbnormalRefund::MerchantBankCard => (Body { kind: "MERCHANT_BANK_CARD", ..nothing }, None),
            AbnormalRefund::UserBankCard { bank_type, bank_account, real_name } => {
                let sensitive = self.keys().field_encryptor(self.0.clock_and_nonce.now()).ok_or_else(|| {
                    Error::configuration(
                        "there is no key of WeChat Pay to encrypt with: download the certificates, or configure the \
                         public key",
                    )
                })?;
                let encrypt = |text: &Secret| {
                    sensitive.encrypt(text.expose()).map_err(|_| {
                        Error::configuration("the account or the name is too long for encryption")
                    })
                };
                let body = Body {
                    kind: "USER_BANK_CARD",
                    bank_type: Some(bank_type),
                    bank_account: Some(encrypt(bank_account)?),
                    real_name: Some(encrypt(real_name)?),
                    ..nothing
                };
                (body, Some(sensitive.serial().to_owned()))
            }
        };
        let body = super::request_json::<()>(&body);
        let call = Call { serial: serial.as_deref(), ..Call::post(ENDPOINT, &url, body.as_str()) };
        read_refund(ENDPOINT, &self.call(&call).await?, out_refund_no)
    }
}
