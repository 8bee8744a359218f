//! The answers of staff: agree to a return, receive the goods, or decline.

use model::{
    AfterSaleId, LocalizedText,
    after_sale::{AfterSaleEvent, AfterSaleKind, AfterSaleState},
    audit::AuditAction,
    event::{EventKind, EventSource},
    message::MessageSubject,
    record::AuditRecord,
};
use store::{Command, ReadSet, UnitOfWork};

use super::{
    AfterSales, checked_text,
    step::{Step, write_message},
};
use crate::{Right, ShopError, Staff};

impl AfterSales {
    /// Agrees to a return. `address` says where the shopper sends the goods.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], [`ShopError::NotFound`], [`ShopError::Changed`] if the state of the after-sale does
    /// not allow it, [`ShopError::Invalid`], or a failing database.
    pub async fn agree(&self, staff: &Staff, id: &AfterSaleId, address: &str) -> Result<(), ShopError> {
        let answer = checked_text(address, ASK_FOR_ADDRESS)?;
        self.answer(staff, id, AuditAction::AgreeToReturn, Answer::Agree, answer).await
    }

    /// Declines an after-sale. The shopper reads the reason.
    ///
    /// # Errors
    /// As [`AfterSales::agree`].
    pub async fn decline(&self, staff: &Staff, id: &AfterSaleId, reason: &str) -> Result<(), ShopError> {
        let answer = checked_text(reason, ASK_FOR_ANSWER)?;
        self.answer(staff, id, AuditAction::DeclineAfterSale, Answer::Decline, answer).await
    }

    /// Records that the shop has received the returned goods.
    ///
    /// # Errors
    /// As [`AfterSales::agree`].
    pub async fn receive(&self, staff: &Staff, id: &AfterSaleId) -> Result<(), ShopError> {
        self.answer(staff, id, AuditAction::ReceiveReturn, Answer::Receive, String::new()).await
    }

    async fn answer(
        &self,
        staff: &Staff,
        id: &AfterSaleId,
        what: AuditAction,
        answer: Answer,
        text: String,
    ) -> Result<(), ShopError> {
        staff.check(Right::Refund)?;
        let detail = if text.is_empty() { id.to_string() } else { format!("{id}: {text}") };
        let audit = Some(self.audit.record(staff.name.as_str(), what, detail));
        let step = self.step(id, EventSource::Merchant, staff.name.as_str())?;
        self.store.write(GiveAnswer { step, answer, text, audit }).await?
    }
}

const ASK_FOR_ADDRESS: LocalizedText = LocalizedText {
    zh: "请写明退货地址、收件人和电话，不超过 200 个字",
    en: "Please enter the address, the name and the telephone number for the parcel, in at most 200 letters.",
};

const ASK_FOR_ANSWER: LocalizedText = LocalizedText {
    zh: "请写明拒绝的理由，不超过 200 个字",
    en: "Please enter the reason in at most 200 letters.",
};

/// An answer of staff, or of the shop itself when a time limit is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Agree,
    Receive,
    Decline,
}

pub(super) struct GiveAnswer {
    pub(super) step: Step,
    pub(super) answer: Answer,
    /// Where to send the goods, or why the shop declines; empty for [`Answer::Receive`].
    pub(super) text: String,
    pub(super) audit: Option<AuditRecord>,
}

impl Command for GiveAnswer {
    type Reply = Result<(), ShopError>;

    fn reads(&self, reads: &mut ReadSet) {
        self.step.reads(reads);
    }

    fn apply(&self, unit: &mut UnitOfWork) -> Self::Reply {
        let step = &self.step;
        let known = step.record(unit)?;
        let (event, reached) = match self.answer {
            Answer::Agree if known.kind == AfterSaleKind::RefundOnly => return Err(ShopError::Changed),
            Answer::Agree => (AfterSaleEvent::Agreed, AfterSaleState::Returning),
            Answer::Receive => (AfterSaleEvent::Received, AfterSaleState::Received),
            Answer::Decline => (AfterSaleEvent::Declined, AfterSaleState::Declined),
        };
        // a second tap, or the writer applies the command again
        if known.state == reached && (self.text.is_empty() || known.answer == self.text) {
            return Ok(());
        }
        let row = step.move_to(unit, event, |row| match self.answer {
            Answer::Receive => row.received_ms = Some(step.now_ms),
            Answer::Agree | Answer::Decline => {
                row.answer.clone_from(&self.text);
                row.answered_ms = Some(step.now_ms);
            }
        })?;
        let (what, news) = match self.answer {
            Answer::Agree => (EventKind::ReturnAgreed, Some(MessageSubject::ReturnAgreed)),
            Answer::Receive => (EventKind::ReturnReceived, None),
            Answer::Decline => (EventKind::RefundDeclined, Some(MessageSubject::RefundDeclined)),
        };
        step.record_event(unit, what, self.text.clone());
        if let Some(subject) = news {
            write_message(unit, subject, &row, step.now_ms);
        }
        if let Some(audit) = &self.audit {
            unit.record_audit(audit.clone());
        }
        Ok(())
    }
}
