use crate::{
    order::OrderState,
    text::{TextError, TextForm, TextReader, TextWriter},
};

/// How an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderStatus {
    /// Its state.
    pub state: OrderState,
}

impl TextForm for OrderStatus {
    fn write(&self, to: &mut TextWriter) {
        to.put("state", self.state.as_str());
    }

    fn read(from: &TextReader<'_>) -> Result<Self, TextError> {
        Ok(Self { state: from.parse("state")? })
    }
}
