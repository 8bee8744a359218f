use super::{InvalidField, Payment, TradeState, payment};
use crate::wire::Fields;

/// The response of `pay/orderquery`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Order {
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
    fields: Fields,
}

impl Order {
    /// Reads the fields of a query's response. It verifies no signature, because the calls of this crate have done so.
    /// Use it in tests of your own code.
    ///
    /// ```
    /// use wechat::{pay::v2::{Order, TradeState}, wire::Fields};
    ///
    /// let fields = [("out_trade_no", "20260101000001"), ("trade_state", "NOTPAY")].into_iter().collect::<Fields>();
    /// assert_eq!(Order::from_fields(fields)?.trade_state, TradeState::NotPay);
    /// # Ok::<(), wechat::pay::v2::InvalidField>(())
    /// ```
    ///
    /// # Errors
    /// The name of the first field that is missing or invalid.
    pub fn from_fields(fields: Fields) -> Result<Self, InvalidField> {
        let trade_state = TradeState::from(payment::required(&fields, "trade_state")?);
        let payment = trade_state.is_paid().then(|| Payment::from_fields(&fields)).transpose()?;
        Ok(Self {
            out_trade_no: payment::text(&fields, "out_trade_no")?,
            trade_state,
            trade_state_desc: payment::optional(&fields, "trade_state_desc"),
            attach: payment::optional(&fields, "attach"),
            payment,
            fields,
        })
    }

    /// All fields, including coupons and unknown fields.
    #[must_use]
    pub const fn fields(&self) -> &Fields {
        &self.fields
    }
}
