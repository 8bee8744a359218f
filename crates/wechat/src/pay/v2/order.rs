use super::{InvalidField, Payment, TradeState, payment};
use crate::wire::Fields;

/// What `pay/orderquery` tells of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The shop's number.
    pub out_trade_no: String,
    /// How far it is.
    pub trade_state: TradeState,
    /// The same in words, for people.
    pub trade_state_desc: Option<String>,
    /// What the order was made with.
    pub attach: Option<String>,
    /// The payment, in the states [`TradeState::Success`] and [`TradeState::Refund`] always, else never.
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

    /// All fields, coupons and unknown ones included.
    #[must_use]
    pub const fn fields(&self) -> &Fields {
        &self.fields
    }
}
