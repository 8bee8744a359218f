use super::{
    InvalidField, Merchant, PaymentId, RefundRequestAmount, SignType, SignedRequest, payment, sign_request,
};
use crate::wire::Fields;

/// A refund for `secapi/pay/refund` (doc/v2/merchant: 申请退款).
///
/// To repeat a request, send the same bytes again: a new `out_refund_no` refunds a second time. An order can have 50
/// refunds, within one year after the payment and up to its amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundRequest {
    /// The payment to refund.
    pub payment: PaymentId,
    /// The shop's number of the refund, at most 64 of `0-9A-Za-z_-|*@`.
    pub out_refund_no: String,
    /// The order's amount (`total_fee`) and the refunded amount (`refund_fee`).
    pub amount: RefundRequestAmount,
    /// The reason that the shopper sees, at most 80 characters.
    pub refund_desc: Option<String>,
    /// The account that pays: `REFUND_SOURCE_UNSETTLED_FUNDS` (the default) or `REFUND_SOURCE_RECHARGE_FUNDS`.
    pub refund_account: Option<String>,
    /// The address for the notification, at most 256 bytes, without a query.
    pub notify_url: Option<String>,
    /// The currency; absent means `CNY`.
    pub refund_fee_type: Option<String>,
}

impl RefundRequest {
    /// A refund with the required fields. Set optional fields afterwards.
    #[must_use]
    pub fn new(payment: PaymentId, out_refund_no: impl Into<String>, amount: RefundRequestAmount) -> Self {
        Self {
            payment,
            out_refund_no: out_refund_no.into(),
            amount,
            refund_desc: None,
            refund_account: None,
            notify_url: None,
            refund_fee_type: None,
        }
    }

    /// The signed XML. Send exactly these bytes. `nonce_str` is random, at most 32 letters and digits.
    ///
    /// ```
    /// use wechat::pay::v2::{Merchant, PaymentId, RefundRequest, RefundRequestAmount, SignType};
    ///
    /// let merchant = Merchant::new("wxd930ea5d5a258f4f", "10000100", "192006250b4c09247ec02edce69f6a2d");
    /// let amount = RefundRequestAmount { total: 1990, refund: 990 };
    /// let refund = RefundRequest::new(PaymentId::OutTradeNo("20260101000001".into()), "R1", amount);
    /// let request = refund.request(&merchant, SignType::HmacSha256, "ibuaiVcKdpRxkhJA");
    /// let sent = wechat::wire::xml::parse(request.as_str().as_bytes())?;
    /// assert_eq!((sent.get("total_fee"), sent.get("refund_fee")), (Some("1990"), Some("990")));
    /// # Ok::<(), wechat::wire::xml::XmlError>(())
    /// ```
    #[must_use]
    pub fn request(&self, merchant: &Merchant, sign_type: SignType, nonce_str: &str) -> SignedRequest<Self> {
        let mut fields = merchant.fields(sign_type, nonce_str);
        match &self.payment {
            PaymentId::TransactionId(number) => fields.set("transaction_id", number),
            PaymentId::OutTradeNo(number) => fields.set("out_trade_no", number),
        }
        fields.set("out_refund_no", &self.out_refund_no);
        fields.set("total_fee", self.amount.total.to_string());
        fields.set("refund_fee", self.amount.refund.to_string());
        for (name, value) in [
            ("refund_fee_type", &self.refund_fee_type),
            ("refund_desc", &self.refund_desc),
            ("refund_account", &self.refund_account),
            ("notify_url", &self.notify_url),
        ] {
            if let Some(value) = value {
                fields.set(name, value);
            }
        }
        sign_request(&fields, merchant.key(), sign_type)
    }
}

/// The response of `secapi/pay/refund`. WeChat has accepted the refund; the money has not arrived yet. Query the refund
/// for its state.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RefundResponse {
    /// WeChat's number of the refund.
    pub refund_id: String,
    /// The shop's number of the refund.
    pub out_refund_no: String,
    /// WeChat's number of the payment.
    pub transaction_id: String,
    /// The shop's number of the order.
    pub out_trade_no: String,
    /// The refunded amount, in fen.
    pub refund_fee: i64,
    /// The order's amount, in fen.
    pub total_fee: i64,
    /// The amount that the shopper paid in money, in fen.
    pub cash_fee: i64,
    fields: Fields,
}

impl RefundResponse {
    /// Reads the fields of the response. It verifies no signature, because the calls of this crate have done so. Use it
    /// in tests of your own code.
    ///
    /// ```
    /// use wechat::{pay::v2::RefundResponse, wire::Fields};
    ///
    /// let fields = [
    ///     ("refund_id", "50"), ("out_refund_no", "R1"), ("transaction_id", "42"), ("out_trade_no", "20260101000001"),
    ///     ("refund_fee", "990"), ("total_fee", "1990"), ("cash_fee", "1990"),
    /// ];
    /// assert_eq!(RefundResponse::from_fields(fields.into_iter().collect::<Fields>())?.refund_fee, 990);
    /// # Ok::<(), wechat::pay::v2::InvalidField>(())
    /// ```
    ///
    /// # Errors
    /// The name of the first field that is missing or invalid.
    pub fn from_fields(fields: Fields) -> Result<Self, InvalidField> {
        Ok(Self {
            refund_id: payment::text(&fields, "refund_id")?,
            out_refund_no: payment::text(&fields, "out_refund_no")?,
            transaction_id: payment::text(&fields, "transaction_id")?,
            out_trade_no: payment::text(&fields, "out_trade_no")?,
            refund_fee: payment::fen(&fields, "refund_fee")?,
            total_fee: payment::fen(&fields, "total_fee")?,
            cash_fee: payment::fen(&fields, "cash_fee")?,
            fields,
        })
    }

    /// All fields, including coupons and unknown fields.
    #[must_use]
    pub const fn fields(&self) -> &Fields {
        &self.fields
    }
}

/// The state of a refund: `refund_status`.
///
/// ```
/// use wechat::pay::v2::RefundStatus;
///
/// assert_eq!(RefundStatus::from("SUCCESS"), RefundStatus::Success);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefundStatus {
    /// The money has arrived.
    Success,
    /// WeChat closed the refund. The merchant may request a new one with another number.
    RefundClose,
    /// WeChat has not finished the refund.
    Processing,
    /// The payer's account does not take the money, for example because it is closed. The merchant sends the money to
    /// another account in the merchant platform.
    Change,
    /// A word that this crate does not know, as WeChat sent it.
    Unknown(String),
}

impl RefundStatus {
    /// The word in WeChat's messages.
    ///
    /// ```
    /// use wechat::pay::v2::RefundStatus;
    ///
    /// assert_eq!(RefundStatus::from("REFUNDCLOSE"), RefundStatus::RefundClose);
    /// assert_eq!(RefundStatus::from("NEW").as_str(), "NEW");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Success => "SUCCESS",
            Self::RefundClose => "REFUNDCLOSE",
            Self::Processing => "PROCESSING",
            Self::Change => "CHANGE",
            Self::Unknown(word) => word,
        }
    }
}

impl From<&str> for RefundStatus {
    fn from(word: &str) -> Self {
        match word {
            "SUCCESS" => Self::Success,
            "REFUNDCLOSE" => Self::RefundClose,
            "PROCESSING" => Self::Processing,
            "CHANGE" => Self::Change,
            _ => Self::Unknown(word.to_owned()),
        }
    }
}
