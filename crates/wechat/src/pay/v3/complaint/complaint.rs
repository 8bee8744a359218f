use serde::Deserialize;
use zeroize::Zeroizing;

use super::{ComplaintState, MediaKind, ProblemKind, UserTag};
use crate::{
    pay::v3::{Credential, InvalidField, ReadError},
    wire::rsa::DecryptionError,
};

/// A complaint of a shopper. The list of complaints and the query of one complaint have the same fields.
///
/// ```
/// use wechat::pay::v3::{Complaint, ComplaintState, ProblemKind};
///
/// let complaint = Complaint::from_json(r#"{
///     "complaint_id":"200201820200101080076610000","complaint_time":"2015-05-20T13:29:35+08:00",
///     "complaint_detail":"反馈一个重复扣费的问题","complaint_state":"PENDING","complaint_full_refunded":false,
///     "incoming_user_response":true,"user_complaint_times":1,"problem_type":"REFUND","apply_refund_amount":10,
///     "complaint_order_info":[{"transaction_id":"4200000404201909069117582536","out_trade_no":"20190906154617947762231",
///     "amount":3}]}"#)?;
/// assert_eq!((complaint.state, complaint.problem_kind), (ComplaintState::Pending, Some(ProblemKind::Refund)));
/// assert_eq!(complaint.orders[0].amount, 3);
/// # Ok::<(), wechat::pay::v3::ReadError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Complaint {
    /// WeChat's number of the complaint, at most 64 bytes.
    pub complaint_id: String,
    /// When the shopper complained, RFC 3339.
    pub complaint_time: String,
    /// The shopper's words.
    #[serde(rename = "complaint_detail", default)]
    pub detail: String,
    /// The state of the complaint.
    #[serde(rename = "complaint_state")]
    pub state: ComplaintState,
    /// The number of the merchant. A merchant's own list may not contain it.
    #[serde(rename = "complainted_mchid", default)]
    pub mchid: Option<String>,
    /// The shopper's telephone number, encrypted for the merchant. See [`Complaint::payer_phone`].
    #[serde(rename = "payer_phone", default)]
    pub encrypted_payer_phone: Option<String>,
    /// The shopper's openid.
    #[serde(default)]
    pub payer_openid: Option<String>,
    /// The orders that the complaint is about.
    #[serde(rename = "complaint_order_info", default)]
    pub orders: Vec<ComplaintOrder>,
    /// The shopper's pictures.
    #[serde(rename = "complaint_media_list", default)]
    pub media: Vec<ComplaintMedia>,
    /// Whether all these orders are refunded completely.
    #[serde(rename = "complaint_full_refunded", default)]
    pub is_fully_refunded: bool,
    /// Whether the shopper wrote something that the merchant has not answered.
    #[serde(rename = "incoming_user_response", default)]
    pub has_unanswered_response: bool,
    /// How often the shopper complained: 1, and one more each time that the shopper continued the complaint.
    #[serde(rename = "user_complaint_times", default)]
    pub times: i64,
    /// The problem, as the shopper chose it.
    #[serde(default)]
    pub problem_description: Option<String>,
    /// The kind of the problem.
    #[serde(rename = "problem_type", default)]
    pub problem_kind: Option<ProblemKind>,
    /// How much money the shopper wants back, in fen.
    #[serde(default)]
    pub apply_refund_amount: Option<i64>,
    /// What WeChat knows about the shopper.
    #[serde(rename = "user_tag_list", default)]
    pub user_tags: Vec<UserTag>,
    /// Whether WeChat's customer service works on the complaint.
    #[serde(default)]
    pub in_platform_service: bool,
    /// Whether the shopper waits for an answer at once.
    #[serde(default)]
    pub need_immediate_service: bool,
}

/// An order in a complaint.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ComplaintOrder {
    /// WeChat's number of the payment.
    pub transaction_id: String,
    /// The shop's order number.
    pub out_trade_no: String,
    /// The amount of the order, in fen.
    pub amount: i64,
}

/// Pictures in a complaint or in a negotiation entry.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ComplaintMedia {
    /// What the pictures show.
    #[serde(rename = "media_type")]
    pub kind: MediaKind,
    /// The addresses of the pictures. Only a signed call can read them: `Client::complaint_picture`.
    #[serde(rename = "media_url", default)]
    pub urls: Vec<String>,
}

impl Complaint {
    /// Reads the JSON of a complaint. It verifies no signature.
    ///
    /// # Errors
    /// [`ReadError`] if the text is not the documented JSON, if the id is empty, or if the time is not RFC 3339.
    pub fn from_json(json: &str) -> Result<Self, ReadError> {
        let complaint: Self = crate::json::read(json.as_bytes())?;
        complaint.check()?;
        Ok(complaint)
    }

    pub(super) fn check(&self) -> Result<(), InvalidField> {
        if self.complaint_id.is_empty() {
            return Err(InvalidField("complaint_id"));
        }
        crate::time::parse_rfc3339(&self.complaint_time).map_err(|_| InvalidField("complaint_time"))?;
        Ok(())
    }

    /// The shopper's telephone number, decrypted with the merchant's own private key. `None` if there is none.
    ///
    /// ```
    /// use wechat::{pay::v3::{Complaint, Credential}, wire::rsa::PublicKey};
    ///
    /// let pem = include_str!("../../../../tests/keys/merchant_pkcs8.pem");
    /// let credential = Credential::from_pem("1900009191", "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C", pem)?;
    /// let merchant = PublicKey::from_pem(include_str!("../../../../tests/keys/merchant_public.pem"))?;
    /// let phone = merchant.encrypt(b"18500000000")?; // as WeChat does
    /// let complaint = Complaint::from_json(&format!(r#"{{"complaint_id":"1","complaint_state":"PENDING",
    ///     "complaint_time":"2015-05-20T13:29:35+08:00","payer_phone":"{phone}"}}"#))?;
    /// assert_eq!(complaint.payer_phone(&credential)?.as_deref().map(String::as_str), Some("18500000000"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`DecryptionError`] if WeChat encrypted the number for another certificate of the merchant.
    pub fn payer_phone(&self, credential: &Credential) -> Result<Option<Zeroizing<String>>, DecryptionError> {
        let encrypted = self.encrypted_payer_phone.as_deref().filter(|text| !text.is_empty());
        encrypted.map(|text| credential.decrypt(text)).transpose()
    }
}
