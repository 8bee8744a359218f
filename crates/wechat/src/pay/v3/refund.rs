use serde::{Deserialize, Serialize};

use super::{
    PaymentId, ReadError, RefundRequestAmount, RequestBody,
    transaction::{fen, optional_fen},
};
use crate::{json, pay::v2::InvalidField, time};

/// A refund for `v3/refund/domestic/refunds` (doc/v3/merchant/4012791862).
///
/// To repeat a request, send the same bytes again: a new `out_refund_no` refunds a second time. An order can have 50
/// refunds, within one year after the payment and up to its amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundRequest {
    /// The payment to refund.
    pub payment: PaymentId,
    /// The shop's number of the refund, at most 64 of `0-9A-Za-z_-|*@`.
    pub out_refund_no: String,
    /// The order's amount and the refunded amount.
    pub amount: RefundRequestAmount,
    /// The reason that the shopper sees, at most 80 characters.
    pub reason: Option<String>,
    /// The address for the notification, at most 256 bytes, without a query.
    pub notify_url: Option<String>,
    /// `AVAILABLE`: WeChat takes the money from the merchant's balance if the unsettled funds are too low.
    pub funds_account: Option<String>,
    /// In partner mode: the number of the merchant for whom the provider placed the order.
    pub sub_mchid: Option<String>,
    /// The refunded goods.
    pub goods_detail: Vec<RefundGoods>,
}

/// One kind of goods that is refunded.
///
/// ```
/// use wechat::pay::v3::{PaymentId, RefundGoods, RefundRequest, RefundRequestAmount};
///
/// let amount = RefundRequestAmount { total: 1990, refund: 990 };
/// let mut refund = RefundRequest::new(PaymentId::TransactionId("42".into()), "R1", amount);
/// refund.goods_detail.push(RefundGoods {
///     merchant_goods_id: "tea".into(),
///     wechatpay_goods_id: None,
///     goods_name: None,
///     unit_price: 990,
///     refund_amount: 990,
///     refund_quantity: 1,
/// });
/// assert!(refund.request().as_str().contains(r#""goods_detail":[{"merchant_goods_id":"tea","unit_price":990"#));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefundGoods {
    /// The merchant's number of the goods.
    pub merchant_goods_id: String,
    /// WeChat's number of the goods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wechatpay_goods_id: Option<String>,
    /// The name of the goods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goods_name: Option<String>,
    /// The price of one, in fen.
    pub unit_price: i64,
    /// The refunded amount for these goods, in fen.
    pub refund_amount: i64,
    /// The refunded quantity.
    pub refund_quantity: i64,
}

#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_mchid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    out_trade_no: Option<&'a str>,
    out_refund_no: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notify_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    funds_account: Option<&'a str>,
    amount: BodyAmount,
    #[serde(skip_serializing_if = "<[RefundGoods]>::is_empty")]
    goods_detail: &'a [RefundGoods],
}

#[derive(Serialize)]
struct BodyAmount {
    refund: i64,
    total: i64,
    currency: &'static str,
}

impl RefundRequest {
    /// A refund with the required fields. Set optional fields afterwards.
    #[must_use]
    pub fn new(payment: PaymentId, out_refund_no: impl Into<String>, amount: RefundRequestAmount) -> Self {
        Self {
            payment,
            out_refund_no: out_refund_no.into(),
            amount,
            reason: None,
            notify_url: None,
            funds_account: None,
            sub_mchid: None,
            goods_detail: Vec::new(),
        }
    }

    /// The JSON. Sign and send exactly these bytes.
    ///
    /// ```
    /// use wechat::pay::v3::{PaymentId, RefundRequest, RefundRequestAmount};
    ///
    /// let amount = RefundRequestAmount { total: 1990, refund: 990 };
    /// let refund = RefundRequest::new(PaymentId::OutTradeNo("20260101000001".into()), "R1", amount);
    /// assert_eq!(refund.request().as_str(), "{\"out_trade_no\":\"20260101000001\",\"out_refund_no\":\"R1\",\
    ///     \"amount\":{\"refund\":990,\"total\":1990,\"currency\":\"CNY\"}}");
    /// ```
    #[must_use]
    pub fn request(&self) -> RequestBody<Self> {
        let (transaction_id, out_trade_no) = match &self.payment {
            PaymentId::TransactionId(number) => (Some(&**number), None),
            PaymentId::OutTradeNo(number) => (None, Some(&**number)),
        };
        super::request_json(&Body {
            sub_mchid: self.sub_mchid.as_deref(),
            transaction_id,
            out_trade_no,
            out_refund_no: &self.out_refund_no,
            reason: self.reason.as_deref(),
            notify_url: self.notify_url.as_deref(),
            funds_account: self.funds_account.as_deref(),
            amount: BodyAmount { refund: self.amount.refund, total: self.amount.total, currency: "CNY" },
            goods_detail: &self.goods_detail,
        })
    }
}

/// The state of a refund: `status`, and `refund_status` in notifications.
///
/// ```
/// use wechat::pay::v3::RefundStatus;
///
/// assert_eq!(RefundStatus::from("ABNORMAL"), RefundStatus::Abnormal);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefundStatus {
    /// The money has arrived.
    Success,
    /// WeChat closed the refund. The merchant may request a new one with another number.
    Closed,
    /// WeChat accepted the refund and has not finished it.
    Processing,
    /// The payer's account does not take the money, for example because it is closed. The merchant sends the money to
    /// another account: `Client::apply_abnormal_refund`, or in the merchant platform.
    Abnormal,
    /// A word that this crate does not know, as WeChat sent it.
    Unknown(String),
}

impl RefundStatus {
    /// The word in WeChat's messages.
    ///
    /// ```
    /// use wechat::pay::v3::RefundStatus;
    ///
    /// assert_eq!(RefundStatus::from("PROCESSING"), RefundStatus::Processing);
    /// assert_eq!(RefundStatus::from("NEW").as_str(), "NEW");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Success => "SUCCESS",
            Self::Closed => "CLOSED",
            Self::Processing => "PROCESSING",
            Self::Abnormal => "ABNORMAL",
            Self::Unknown(word) => word,
        }
    }
}

impl From<&str> for RefundStatus {
    fn from(word: &str) -> Self {
        match word {
            "SUCCESS" => Self::Success,
            "CLOSED" => Self::Closed,
            "PROCESSING" => Self::Processing,
            "ABNORMAL" => Self::Abnormal,
            _ => Self::Unknown(word.to_owned()),
        }
    }
}

/// The state of a refund, in the response of a request, in a query and in a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refund {
    /// WeChat's number of the refund.
    pub refund_id: String,
    /// The shop's number of the refund.
    pub out_refund_no: String,
    /// WeChat's number of the payment.
    pub transaction_id: String,
    /// The shop's number of the order.
    pub out_trade_no: String,
    /// The state of the refund.
    pub status: RefundStatus,
    /// Where the money goes: `ORIGINAL`, `BALANCE`, `OTHER_BALANCE` or `OTHER_BANKCARD`. `None` in a notification.
    pub channel: Option<String>,
    /// The receiving account in words. This is personal data: do not log it.
    pub user_received_account: Option<String>,
    /// When the money arrived, RFC 3339, as WeChat sent it; see [`Refund::refunded_at`]. `None` before that.
    pub success_time: Option<String>,
    /// When WeChat accepted the refund, RFC 3339. `None` in a notification.
    pub create_time: Option<String>,
    /// The account that pays the refund.
    pub funds_account: Option<String>,
    /// The amounts.
    pub amount: RefundAmount,
}

/// The amounts of a refund, in fen.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RefundAmount {
    /// The amount of the order.
    pub total: i64,
    /// The refunded amount.
    pub refund: i64,
    /// The amount that the shopper paid.
    pub payer_total: i64,
    /// The amount that the shopper receives, without coupons.
    pub payer_refund: i64,
    /// The amount that the merchant pays.
    #[serde(default)]
    pub settlement_refund: Option<i64>,
    /// The amount that the merchant received for the order.
    #[serde(default)]
    pub settlement_total: Option<i64>,
    /// The amount that returns to coupons.
    #[serde(default)]
    pub discount_refund: Option<i64>,
    /// The currency; absent means `CNY`.
    #[serde(default, deserialize_with = "json::optional_text")]
    pub currency: Option<String>,
}

impl Refund {
    /// Reads the JSON of a response or a notification. It verifies no signature: see [`super::Transaction::from_json`].
    ///
    /// ```
    /// let refund = wechat::pay::v3::Refund::from_json(r#"{"refund_id":"50","out_refund_no":"R1","transaction_id":"42",
    ///     "out_trade_no":"20260101000001","status":"PROCESSING",
    ///     "amount":{"total":1990,"refund":990,"payer_total":1990,"payer_refund":990}}"#)?;
    /// assert_eq!((refund.amount.refund, refund.refunded_at()), (990, None));
    /// # Ok::<(), wechat::pay::v3::ReadError>(())
    /// ```
    ///
    /// # Errors
    /// [`ReadError`] names the mistake.
    pub fn from_json(json: &str) -> Result<Self, ReadError> {
        Ok(json::read::<Raw>(json.as_bytes())?.read()?)
    }

    /// When the money arrived, in seconds since 1970. `None` if `success_time` is missing or not a valid time.
    #[must_use]
    pub fn refunded_at(&self) -> Option<i64> {
        self.success_time.as_deref().and_then(|text| time::parse_rfc3339(text).ok())
    }
}

/// A refund in JSON.
#[derive(Deserialize)]
pub(super) struct Raw {
    #[serde(default, deserialize_with = "json::optional_text")]
    pub(super) mchid: Option<String>,
    #[serde(default, deserialize_with = "json::optional_text")]
    pub(super) sp_mchid: Option<String>,
    #[serde(default, deserialize_with = "json::optional_text")]
    pub(super) sub_mchid: Option<String>,
    refund_id: String,
    out_refund_no: String,
    transaction_id: String,
    out_trade_no: String,
    #[serde(alias = "refund_status", deserialize_with = "json::word")]
    status: RefundStatus,
    #[serde(default, deserialize_with = "json::optional_text")]
    channel: Option<String>,
    #[serde(default, deserialize_with = "json::optional_text")]
    user_received_account: Option<String>,
    #[serde(default, deserialize_with = "json::optional_text")]
    success_time: Option<String>,
    #[serde(default, deserialize_with = "json::optional_text")]
    create_time: Option<String>,
    #[serde(default, deserialize_with = "json::optional_text")]
    funds_account: Option<String>,
    amount: RefundAmount,
}

impl Raw {
    pub(super) fn read(self) -> Result<Refund, InvalidField> {
        let RefundAmount { total, refund, payer_total, payer_refund, .. } = self.amount;
        for (amount, name) in [
            (self.amount.settlement_refund, "settlement_refund"),
            (self.amount.settlement_total, "settlement_total"),
            (self.amount.discount_refund, "discount_refund"),
        ] {
            optional_fen(amount, name)?;
        }
        for (amount, name) in [
            (total, "total"),
            (refund, "refund"),
            (payer_total, "payer_total"),
            (payer_refund, "payer_refund"),
        ] {
            fen(Some(amount), name)?;
        }
        Ok(Refund {
            refund_id: self.refund_id,
            out_refund_no: self.out_refund_no,
            transaction_id: self.transaction_id,
            out_trade_no: self.out_trade_no,
            status: self.status,
            channel: self.channel,
            user_received_account: self.user_received_account,
            success_time: self.success_time,
            create_time: self.create_time,
            funds_account: self.funds_account,
            amount: self.amount,
        })
    }
}
