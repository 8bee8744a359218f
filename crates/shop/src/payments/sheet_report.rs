//! Sheet reports: how the browser says that WeChat's payment sheet ended.

use model::{
    OrderId, Shopper,
    event::{EventKind, EventSource},
};
use store::{Command, EventEntry, ReadSet, UnitOfWork};

use crate::{Payments, ShopError};

/// An order with this many events gets no more sheet reports, because a browser could send any number of them.
const MAX_EVENTS: i64 = 100;

/// How the payment sheet ended, as the browser reports it. It proves nothing about the payment.
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

    /// The outcome of this word; `None` for another word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == word)
    }
}

impl Payments {
    /// Records a sheet report as an event. It changes nothing else, because it proves nothing.
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
        // each event raises the version by one
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
