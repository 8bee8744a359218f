use super::{InvalidField, Payment, TradeState, payment};
use crate::wire::Fields;

/// The response of `pay/orderquery`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The shop's order number.
    pub out_trade_no: String,
    /// The state.
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
    pub(super) fn read(fields: Fields) -> Result<Self, InvalidField> {
        let trade_state = TradeState::from(payment::required(&fields, "trade_state")?);
        let payment = trade_state.is_paid().then(|| Payment::read(&fields)).transpose()?;
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
