use super::TradeType;
use crate::{time, wire::Fields};

/// A completed payment. Notifications and queries contain the same fields.
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
    pub total_fee: i64,
    /// The amount that the shopper paid in money, in fen: `total_fee` minus coupons.
    pub cash_fee: Option<i64>,
    /// The settled amount in fen: `total_fee` minus the coupons that were free.
    pub settlement_total_fee: Option<i64>,
    /// The currency of `total_fee`; absent means `CNY`, see [`Payment::currency`].
    pub fee_type: Option<String>,
    /// When the shopper paid: `yyyyMMddHHmmss` in Asia/Shanghai, as WeChat sent it; see [`Payment::paid_at`].
    pub time_end: Option<String>,
}

/// A required field is missing or has a wrong form.
///
/// ```
/// let error = wechat::pay::v2::InvalidField("total_fee");
/// assert_eq!(error.to_string(), "the field total_fee is missing or has a wrong form");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the field {0} is missing or has a wrong form")]
pub struct InvalidField(pub &'static str);

impl Payment {
    /// The currency; `CNY` if the message has none.
    #[must_use]
    pub fn currency(&self) -> &str {
        self.fee_type.as_deref().unwrap_or("CNY")
    }

    /// When the shopper paid, in seconds since 1970. `None` if `time_end` is missing or not a valid time.
    #[must_use]
    pub fn paid_at(&self) -> Option<i64> {
        time::parse_v2_time(self.time_end.as_deref()?).ok()
    }

    /// The documented fields that WeChat did not send, or sent in an unknown form. The payment is valid without them;
    /// log them.
    #[must_use]
    pub fn missing_fields(&self) -> Vec<&'static str> {
        [
            ("openid", self.openid.is_none()),
            ("trade_type", self.trade_type.is_none()),
            ("bank_type", self.bank_type.is_none()),
            ("cash_fee", self.cash_fee.is_none()),
            ("time_end", self.time_end.is_none()),
        ]
        .into_iter()
        .filter_map(|(name, is_missing)| is_missing.then_some(name))
        .collect()
    }

    /// Reads the fields of a payment; `transaction_id` and `total_fee` are required. It verifies no signature, because
    /// the calls of this crate have done so. Use it in tests of your own code.
    ///
    /// ```
    /// use wechat::{pay::v2::Payment, wire::Fields};
    ///
    /// let fields = [("transaction_id", "42"), ("total_fee", "1990")].into_iter().collect::<Fields>();
    /// assert_eq!(Payment::from_fields(&fields)?.total_fee, 1990);
    /// # Ok::<(), wechat::pay::v2::InvalidField>(())
    /// ```
    ///
    /// # Errors
    /// The name of the first field that is missing or invalid.
    pub fn from_fields(fields: &Fields) -> Result<Self, InvalidField> {
        Ok(Self {
            transaction_id: text(fields, "transaction_id")?,
            openid: optional(fields, payers_openid(fields)),
            trade_type: optional(fields, "trade_type").map(|word| TradeType::from(&*word)),
            bank_type: optional(fields, "bank_type"),
            total_fee: fen(fields, "total_fee")?,
            cash_fee: parse_fen(fields.get("cash_fee")),
            settlement_total_fee: parse_fen(fields.get("settlement_total_fee")),
            fee_type: optional(fields, "fee_type"),
            time_end: optional(fields, "time_end"),
        })
    }
}

/// The name of the field with the payer's openid. In partner mode with a `sub_appid` the payer has an openid for each
/// of the two accounts.
fn payers_openid(fields: &Fields) -> &'static str {
    if optional(fields, "sub_appid").is_some() { "sub_openid" } else { "openid" }
}

/// The account to which the payer's openid belongs.
pub(super) fn payers_appid(fields: &Fields) -> Result<String, InvalidField> {
    optional(fields, "sub_appid").map_or_else(|| text(fields, "appid"), Ok)
}

pub(super) fn required<'a>(fields: &'a Fields, name: &'static str) -> Result<&'a str, InvalidField> {
    fields.get(name).filter(|value| !value.is_empty()).ok_or(InvalidField(name))
}

pub(super) fn text(fields: &Fields, name: &'static str) -> Result<String, InvalidField> {
    required(fields, name).map(str::to_owned)
}

pub(super) fn optional(fields: &Fields, name: &str) -> Option<String> {
    fields.get(name).filter(|value| !value.is_empty()).map(str::to_owned)
}

/// An amount: only digits, no sign, no decimal point.
pub(super) fn fen(fields: &Fields, name: &'static str) -> Result<i64, InvalidField> {
    parse_fen(fields.get(name)).ok_or(InvalidField(name))
}

pub(super) fn parse_fen(digits: Option<&str>) -> Option<i64> {
    digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?.parse().ok()
}
