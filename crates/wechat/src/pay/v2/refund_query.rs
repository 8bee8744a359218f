use super::{Coupon, InvalidField, RefundStatus, coupon, payment};
use crate::wire::Fields;

/// Whose refunds are asked for; WeChat looks at one number only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundsOf {
    /// One refund by WeChat's number.
    RefundId(String),
    /// One refund by the shop's number.
    OutRefundNo(String),
    /// All refunds of a payment by WeChat's number.
    TransactionId(String),
    /// All refunds of an order by the shop's number.
    OutTradeNo(String),
}

impl RefundsOf {
    /// The field's name and value.
    pub(super) fn field(&self) -> (&'static str, &str) {
        match self {
            Self::RefundId(number) => ("refund_id", number),
            Self::OutRefundNo(number) => ("out_refund_no", number),
            Self::TransactionId(number) => ("transaction_id", number),
            Self::OutTradeNo(number) => ("out_trade_no", number),
        }
    }
}

/// What `pay/refundquery` tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refunds {
    /// WeChat's number of the payment.
    pub transaction_id: String,
    /// The shop's number of the order.
    pub out_trade_no: String,
    /// The order's amount, in fen.
    pub total_fee: i64,
    /// What the shopper had paid in money, in fen.
    pub cash_fee: i64,
    /// How many refunds there are in all, where that is told: more than these means asking on with an offset.
    pub total_refund_count: Option<usize>,
    /// The refunds of this answer.
    pub refunds: Vec<Refund>,
    fields: Fields,
}

/// One refund of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// WeChat's number.
    pub refund_id: String,
    /// The shop's.
    pub out_refund_no: String,
    /// What goes back, in fen.
    pub refund_fee: i64,
    /// What the merchant pays of it, in fen.
    pub settlement_refund_fee: Option<i64>,
    /// How far it is.
    pub refund_status: RefundStatus,
    /// `ORIGINAL`, `BALANCE`, `OTHER_BALANCE`, `OTHER_BANKCARD`.
    pub refund_channel: Option<String>,
    /// Where the money comes from.
    pub refund_account: Option<String>,
    /// Where the money goes, in words: personal, not for a log. (The name is misspelt on the wire.)
    pub refund_recv_accout: Option<String>,
    /// When it arrived, `yyyy-MM-dd HH:mm:ss` in Asia/Shanghai; see [`crate::time::parse_v2_date_time`].
    pub refund_success_time: Option<String>,
    /// The coupons that it gives back.
    pub coupons: Vec<Coupon>,
}

impl Refunds {
    pub(super) fn read(fields: Fields) -> Result<Self, InvalidField> {
        payment::required(&fields, "refund_count")?;
        let count = coupon::count(&fields, "refund_count", "refund_count")?;
        let refunds = (0..count).map(|n| Refund::read(&fields, n)).collect::<Result<_, _>>()?;
        let total_refund_count = match fields.get("total_refund_count") {
            None | Some("") => None,
            Some(count) => Some(count.parse().map_err(|_| InvalidField("total_refund_count"))?),
        };
        Ok(Self {
            transaction_id: payment::text(&fields, "transaction_id")?,
            out_trade_no: payment::text(&fields, "out_trade_no")?,
            total_fee: payment::fen(&fields, "total_fee")?,
            cash_fee: payment::fen(&fields, "cash_fee")?,
            total_refund_count,
            refunds,
            fields,
        })
    }

    /// All fields, unknown ones included.
    #[must_use]
    pub const fn fields(&self) -> &Fields {
        &self.fields
    }
}

impl Refund {
    fn read(fields: &Fields, n: usize) -> Result<Self, InvalidField> {
        let optional = |name: &str| payment::optional(fields, &format!("{name}_{n}"));
        let text = |name: &'static str| optional(name).ok_or(InvalidField(name));
        let fen = |name: &'static str| {
            optional(name).map(|value| payment::parse_fen(Some(&value)).ok_or(InvalidField(name))).transpose()
        };
        Ok(Self {
            refund_id: text("refund_id")?,
            out_refund_no: text("out_refund_no")?,
            refund_fee: fen("refund_fee")?.ok_or(InvalidField("refund_fee"))?,
            settlement_refund_fee: fen("settlement_refund_fee")?,
            refund_status: RefundStatus::from(&*text("refund_status")?),
            refund_channel: optional("refund_channel"),
            refund_account: optional("refund_account"),
            refund_recv_accout: optional("refund_recv_accout"),
            refund_success_time: optional("refund_success_time"),
            coupons: coupon::of_refund(fields, n)?,
        })
    }
}
