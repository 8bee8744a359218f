use serde::Deserialize;

use super::{
    Promotion, ReadError,
    promotion::{self, Promotions},
};
use crate::{
    json,
    pay::{
        SubMerchant,
        v2::{InvalidField, TradeState, TradeType},
    },
    time,
};

/// The state of an order, in a query and in a notification (doc/v3/merchant/4012791858).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Transaction {
    /// The account to which the payer's openid belongs: `appid`, or in partner mode `sub_appid` or `sp_appid`.
    pub appid: String,
    /// The merchant; in partner mode the provider (`sp_mchid`).
    pub mchid: String,
    /// In partner mode: the merchant for whom the provider placed the order, and the provider's account.
    pub sub_merchant: Option<SubMerchant>,
    /// The shop's order number.
    pub out_trade_no: String,
    /// The state of the order.
    pub trade_state: TradeState,
    /// A description of the state, for people.
    pub trade_state_desc: Option<String>,
    /// The `attach` text of the order.
    pub attach: Option<String>,
    /// The payment. It is present exactly in the states [`TradeState::Success`] and [`TradeState::Refund`].
    pub payment: Option<Payment>,
    /// The discounts. It leaves out unreadable discounts: see [`Transaction::missing_fields`].
    pub promotion_detail: Vec<Promotion>,
    unreadable_promotions: usize,
    json: String,
}

impl Transaction {
    /// Reads a stored text of [`Transaction::json`]. It verifies no signature. The queries of the client and
    /// [`super::notification::Notification::parse`] verify a text from the network before they read it.
    ///
    /// ```
    /// use wechat::pay::v3::Transaction;
    ///
    /// let json = r#"{"appid":"wxd678efh567hg6787","mchid":"1900009191","out_trade_no":"20260101000001",
    ///     "trade_state":"NOTPAY"}"#;
    /// let transaction = Transaction::from_json(json)?;
    /// assert_eq!((transaction.json(), &transaction.payment), (json, &None));
    /// # Ok::<(), wechat::pay::v3::ReadError>(())
    /// ```
    ///
    /// # Errors
    /// [`ReadError`] names the mistake.
    pub fn from_json(json: &str) -> Result<Self, ReadError> {
        Ok(json::read::<Raw>(json.as_bytes())?.read(json)?)
    }

    /// The JSON of this transaction, byte for byte as WeChat sent it. A caller can store it.
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }

    /// The documented fields that WeChat did not send, or sent in an unknown form. The payment is valid without them;
    /// log them.
    #[must_use]
    pub fn missing_fields(&self) -> Vec<&'static str> {
        let mut missing = self.payment.as_ref().map(Payment::missing_fields).unwrap_or_default();
        if self.unreadable_promotions > 0 {
            missing.push("promotion_detail");
        }
        missing
    }
}

/// A completed payment.
///
/// ```
/// use wechat::pay::v3::Transaction;
///
/// let json = r#"{"appid":"wx1","mchid":"1900009191","out_trade_no":"S1","transaction_id":"42","trade_state":"SUCCESS",
///     "trade_type":"JSAPI","success_time":"2026-01-01T12:00:00+08:00","payer":{"openid":"oUpF8u"},
///     "amount":{"total":1990,"payer_total":1890},
///     "promotion_detail":[{"coupon_id":"C1","amount":100,"wechatpay_contribute":100}]}"#;
/// let order = Transaction::from_json(json)?;
/// let payment = order.payment.expect("it is paid");
/// assert_eq!((payment.total, payment.payer_total, payment.currency()), (1990, Some(1890), "CNY"));
/// assert_eq!(payment.paid_at(), Some(1_767_240_000));
/// # Ok::<(), wechat::pay::v3::ReadError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Payment {
    /// WeChat's number of the payment.
    pub transaction_id: String,
    /// The payer's openid for the `appid`.
    pub openid: Option<String>,
    /// How the payment was started.
    pub trade_type: Option<TradeType>,
    /// WeChat's code of the bank; `OTHERS` if WeChat does not name it.
    pub bank_type: Option<String>,
    /// The amount of the order in fen.
    pub total: i64,
    /// The amount that the shopper paid, in fen: `total` minus coupons.
    pub payer_total: Option<i64>,
    /// The currency of `total`; absent means `CNY`, see [`Payment::currency`].
    pub currency: Option<String>,
    /// The currency of `payer_total`.
    pub payer_currency: Option<String>,
    /// When the shopper paid, RFC 3339, as WeChat sent it; see [`Payment::paid_at`].
    pub success_time: Option<String>,
}

impl Payment {
    /// The currency; `CNY` if the message has none.
    #[must_use]
    pub fn currency(&self) -> &str {
        self.currency.as_deref().unwrap_or("CNY")
    }

    /// When the shopper paid, in seconds since 1970. `None` if `success_time` is missing or not a valid time.
    #[must_use]
    pub fn paid_at(&self) -> Option<i64> {
        time::parse_rfc3339(self.success_time.as_deref()?).ok()
    }

    fn missing_fields(&self) -> Vec<&'static str> {
        [
            ("payer", self.openid.is_none()),
            ("trade_type", self.trade_type.is_none()),
            ("success_time", self.success_time.is_none()),
        ]
        .into_iter()
        .filter_map(|(name, is_missing)| is_missing.then_some(name))
        .collect()
    }
}

/// The fields of a payment. Single orders and combined orders have the same ones.
pub(super) struct PaymentFields {
    pub(super) transaction_id: Option<String>,
    pub(super) openid: Option<String>,
    pub(super) trade_type: Option<String>,
    pub(super) bank_type: Option<String>,
    pub(super) success_time: Option<String>,
    pub(super) amount: Option<AmountFields>,
}

pub(super) struct AmountFields {
    pub(super) total: Result<i64, InvalidField>,
    pub(super) payer_total: Option<i64>,
    pub(super) currency: Option<String>,
    pub(super) payer_currency: Option<String>,
}

impl PaymentFields {
    /// Requires the number and the amount. The other fields only describe the payment and may be missing.
    pub(super) fn read(self) -> Result<Payment, InvalidField> {
        let amount = self.amount.ok_or(InvalidField("amount"))?;
        Ok(Payment {
            transaction_id: self.transaction_id.ok_or(InvalidField("transaction_id"))?,
            openid: self.openid,
            trade_type: self.trade_type.map(|word| TradeType::from(&*word)),
            bank_type: self.bank_type,
            total: amount.total?,
            payer_total: amount.payer_total.filter(|fee| *fee >= 0),
            currency: amount.currency,
            payer_currency: amount.payer_currency,
            success_time: self.success_time,
        })
    }
}

/// A transaction in JSON.
#[derive(Deserialize)]
struct Raw {
    #[serde(default, deserialize_with = "json::optional_text")]
    appid: Option<String>,
    #[serde(default, deserialize_with = "json::optional_text")]
    mchid: Option<String>,
    #[serde(default, deserialize_with = "json::optional_text")]
    sp_appid: Option<String>,
    #[serde(default, deserialize_with = "json::optional_text")]
    sp_mchid: Option<String>,
    #[serde(default, deserialize_with = "json::optional_text")]
    sub_appid: Option<String>,
    #[serde(default, deserialize_with = "json::optional_text")]
    sub_mchid: Option<String>,
    out_trade_no: String,
    #[serde(deserialize_with = "json::word")]
    trade_state: TradeState,
    #[serde(default, deserialize_with = "json::lenient_text")]
    trade_state_desc: Option<String>,
    #[serde(default, deserialize_with = "json::lenient_text")]
    attach: Option<String>,
    #[serde(default, deserialize_with = "json::optional_text")]
    transaction_id: Option<String>,
    #[serde(default, deserialize_with = "json::lenient_text")]
    trade_type: Option<String>,
    #[serde(default, deserialize_with = "json::lenient_text")]
    bank_type: Option<String>,
    #[serde(default, deserialize_with = "json::lenient_text")]
    success_time: Option<String>,
    #[serde(default, deserialize_with = "json::lenient")]
    payer: Option<Payer>,
    #[serde(default)]
    amount: Option<Amount>,
    #[serde(default, deserialize_with = "promotion::read_each")]
    promotion_detail: Promotions,
}

#[derive(Deserialize)]
pub(super) struct Payer {
    #[serde(default, deserialize_with = "json::optional_text")]
    pub(super) openid: Option<String>,
    #[serde(default, deserialize_with = "json::optional_text")]
    sp_openid: Option<String>,
    #[serde(default, deserialize_with = "json::optional_text")]
    sub_openid: Option<String>,
}

#[derive(Deserialize)]
struct Amount {
    #[serde(default)]
    total: Option<i64>,
    #[serde(default, deserialize_with = "json::lenient")]
    payer_total: Option<i64>,
    #[serde(default, deserialize_with = "json::optional_text")]
    currency: Option<String>,
    #[serde(default, deserialize_with = "json::lenient_text")]
    payer_currency: Option<String>,
}

impl Raw {
    /// `json` is the text from which this was parsed.
    fn read(self, json: &str) -> Result<Transaction, InvalidField> {
        let openid_of = |payer: Payer| match (&self.sub_mchid, &self.sub_appid) {
            (None, _) => payer.openid,
            (Some(_), Some(_)) => payer.sub_openid,
            (Some(_), None) => payer.sp_openid,
        };
        let payment = PaymentFields {
            transaction_id: self.transaction_id,
            openid: self.payer.and_then(openid_of),
            trade_type: self.trade_type,
            bank_type: self.bank_type,
            success_time: self.success_time,
            amount: self.amount.map(|amount| AmountFields {
                total: fen(amount.total, "total"),
                payer_total: amount.payer_total,
                currency: amount.currency,
                payer_currency: amount.payer_currency,
            }),
        };
        let payment = self.trade_state.is_paid().then(|| payment.read()).transpose()?;
        let (appid, mchid, sub_merchant) = match self.sub_mchid {
            None => {
                (self.appid.ok_or(InvalidField("appid"))?, self.mchid.ok_or(InvalidField("mchid"))?, None)
            }
            Some(mch_id) => {
                let provider_appid = self.sp_appid.ok_or(InvalidField("sp_appid"))?;
                let appid = self.sub_appid.unwrap_or_else(|| provider_appid.clone());
                let sp_mchid = self.sp_mchid.ok_or(InvalidField("sp_mchid"))?;
                (appid, sp_mchid, Some(SubMerchant { mch_id, provider_appid }))
            }
        };
        Ok(Transaction {
            appid,
            mchid,
            sub_merchant,
            out_trade_no: self.out_trade_no,
            trade_state: self.trade_state,
            trade_state_desc: self.trade_state_desc,
            attach: self.attach,
            payment,
            promotion_detail: self.promotion_detail.readable,
            unreadable_promotions: self.promotion_detail.unreadable,
            json: json.to_owned(),
        })
    }
}

/// Checks that an amount is present and not negative.
pub(super) fn fen(amount: Option<i64>, name: &'static str) -> Result<i64, InvalidField> {
    amount.filter(|amount| *amount >= 0).ok_or(InvalidField(name))
}

/// Checks that an optional amount is not negative.
pub(super) fn optional_fen(amount: Option<i64>, name: &'static str) -> Result<(), InvalidField> {
    amount.map_or(Ok(()), |amount| fen(Some(amount), name).map(drop))
}
