use super::{Coupon, InvalidField, RefundStatus, coupon, payment};
use crate::wire::Fields;

/// Which refunds to query. WeChat takes only one number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundQuery {
    /// One refund, by WeChat's number of the refund.
    RefundId(String),
    /// One refund, by the shop's number of the refund.
    OutRefundNo(String),
    /// All refunds of a payment, by WeChat's number of the payment.
    TransactionId(String),
    /// All refunds of an order, by the shop's order number.
    OutTradeNo(String),
}

impl RefundQuery {
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

/// The response of `pay/refundquery`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refunds {
    /// WeChat's number of the payment.
    pub transaction_id: String,
    /// The shop's number of the order.
    pub out_trade_no: String,
    /// The order's amount, in fen.
    pub total_fee: i64,
    /// The amount that the shopper paid in money, in fen.
    pub cash_fee: i64,
    /// The total number of refunds, if WeChat sends it. If it is larger than the number of `refunds`, query again with
    /// an offset.
    pub total_refund_count: Option<usize>,
    /// The refunds in this response: the first ones, or those after the offset.
    pub refunds: Vec<Refund>,
    fields: Fields,
}

/// One refund of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refund {
    /// WeChat's number of the refund.
    pub refund_id: String,
    /// The shop's number of the refund.
    pub out_refund_no: String,
    /// The refunded amount, in fen.
    pub refund_fee: i64,
    /// The amount that the merchant pays, in fen: `refund_fee` minus the free coupons.
    pub settlement_refund_fee: Option<i64>,
    /// The state of the refund.
    pub refund_status: RefundStatus,
    /// Where the money goes: `ORIGINAL`, `BALANCE`, `OTHER_BALANCE` or `OTHER_BANKCARD`.
    pub refund_channel: Option<String>,
    /// The account that pays the refund: see [`super::RefundRequest::refund_account`].
    pub refund_account: Option<String>,
    /// The receiving account in words. This is personal data: do not log it. WeChat misspells the name of the field.
    pub refund_recv_accout: Option<String>,
    /// When the money arrived: `yyyy-MM-dd HH:mm:ss` in Asia/Shanghai; see [`crate::time::parse_v2_date_time`].
    pub refund_success_time: Option<String>,
    /// The coupons that the refund returns.
    pub coupons: Vec<Coupon>,
}

impl Refunds {
    /// Reads the fields of a query's response. It verifies no signature, because the calls of this crate have done so.
    /// Use it in tests of your own code.
    ///
    /// ```
    /// use wechat::{pay::v2::Refunds, wire::Fields};
    ///
    /// let fields = [
    ///     ("transaction_id", "42"), ("out_trade_no", "20260101000001"), ("total_fee", "1990"), ("cash_fee", "1990"),
    ///     ("refund_count", "1"), ("refund_id_0", "50"), ("out_refund_no_0", "R1"), ("refund_fee_0", "990"),
    ///     ("refund_status_0", "SUCCESS"),
    /// ];
    /// assert_eq!(Refunds::from_fields(fields.into_iter().collect::<Fields>())?.refunds[0].refund_fee, 990);
    /// # Ok::<(), wechat::pay::v2::InvalidField>(())
    /// ```
    ///
    /// # Errors
    /// The name of the first field that is missing or invalid.
    pub fn from_fields(fields: Fields) -> Result<Self, InvalidField> {
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

    /// All fields, including unknown fields.
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
