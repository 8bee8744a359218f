//! The automatic step of an after-sale when its time limit is over.

use model::{
    AfterSaleId,
    after_sale::{AfterSaleEvent, AfterSaleKind, AfterSaleState},
    event::{EventKind, EventSource},
};
use store::{Command, ReadSet, UnitOfWork};

use super::{
    AfterSaleRefund, AfterSales,
    answer::{Answer, GiveAnswer},
    step::Step,
};
use crate::ShopError;

impl AfterSales {
    /// Takes the automatic step that was planned for `due_ms`. Does nothing if the after-sale has another time limit
    /// now.
    ///
    /// # Errors
    /// A failing database.
    pub(crate) async fn step_when_due(&self, id: &AfterSaleId, due_ms: i64) -> Result<(), ShopError> {
        let Some(known) = self.store.after_sale(id).await?.filter(|known| known.due_ms == Some(due_ms))
        else {
            return Ok(());
        };
        let step = self.step(id, EventSource::Clock, "")?;
        let taken = match (known.state, known.kind) {
            (AfterSaleState::Requested, AfterSaleKind::Return) => {
                let Some(text) = self.limits.return_address.clone() else { return Ok(()) };
                let agree = GiveAnswer { step, answer: Answer::Agree, text, audit: None };
                self.store.write(agree).await?
            }
            (AfterSaleState::Returning, _) => self.store.write(Expire(step)).await?,
            (AfterSaleState::Requested | AfterSaleState::Returned | AfterSaleState::Received, _) => {
                self.refund_in(step, AfterSaleRefund::default(), None).await
            }
            _ => return Ok(()),
        };
        match taken {
            // a person acted at the same moment, or the money was refunded in another way: staff see what is left to do
            Err(
                ShopError::Changed
                | ShopError::NotPaid
                | ShopError::RefundTooMuch(_)
                | ShopError::BalanceTooLow
                | ShopError::TooManyRefunds,
            ) => Ok(()),
            other => other,
        }
    }
}

/// The shopper did not send the goods back in time.
struct Expire(Step);

impl Command for Expire {
    type Reply = Result<(), ShopError>;

    fn reads(&self, reads: &mut ReadSet) {
        self.0.reads(reads);
    }

    fn apply(&self, unit: &mut UnitOfWork) -> Self::Reply {
        self.0.move_to(unit, AfterSaleEvent::TimeOver, |_| {})?;
        self.0.record_event(unit, EventKind::ReturnExpired, String::new());
        Ok(())
    }
}
