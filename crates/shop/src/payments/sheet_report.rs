//! What the payment sheet of a phone reported.

use model::{
    OrderId, Shopper,
    event::{EventKind, EventSource},
};
use store::{Command, EventEntry, ReadSet, UnitOfWork};

use crate::{Payments, ShopError};

/// The largest number of events of an order to which a report is added: a browser can send any number of them.
const MAX_EVENTS: i64 = 100;

/// What the payment sheet of a phone reported. It proves nothing about the payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetOutcome {
    /// The sheet said that the payment succeeded.
    Ok,
    /// The shopper closed the sheet.
    Cancelled,
    /// The sheet said that the payment failed.
    Failed,
}

impl SheetOutcome {
    /// Every outcome.
    const ALL: [Self; 3] = [Self::Ok, Self::Cancelled, Self::Failed];

    /// The word in the event and in the form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Cancelled => "cancel",
            Self::Failed => "fail",
        }
    }

    /// The outcome of this word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == word)
    }
}

impl Payments {
    /// Records how WeChat's payment sheet ended on the shopper's phone. The report proves nothing, and changes nothing else.
    ///
    /// # Errors
    /// [`ShopError::NotFound`] also for another shopper's order, or a failing database.
    pub async fn report_sheet(
        &self,
        shopper: &Shopper,
        id: &OrderId,
        outcome: SheetOutcome,
    ) -> Result<(), ShopError> {
        self.orders.seen_order(shopper, id).await?;
        let report = Report { id: id.clone(), outcome, now_ms: self.clock.now_ms() };
        Ok(self.store.write(report).await?)
    }
}

struct Report {
    id: OrderId,
    outcome: SheetOutcome,
    now_ms: i64,
}

impl Command for Report {
    type Reply = ();

    fn reads(&self, reads: &mut ReadSet) {
        reads.order(&self.id);
    }

    fn apply(&self, unit: &mut UnitOfWork) {
        if unit.order(&self.id).is_none_or(|order| order.version >= MAX_EVENTS) {
            return;
        }
        let newest = unit.attempts_of(&self.id).last().map(|attempt| attempt.out_trade_no.clone());
        let entry = EventEntry {
            at_ms: self.now_ms,
            source: EventSource::Shopper,
            kind: EventKind::SheetReported,
            out_trade_no: newest.as_ref(),
            detail: self.outcome.as_str().to_owned(),
        };
        unit.record_event(&self.id, entry);
    }
}
