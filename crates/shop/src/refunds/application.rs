//! Refund applications of shoppers (退款申请), and the shop's answer.

use model::{
    Fen, LocalizedText, OrderId, OutRefundNo, Shopper,
    audit::AuditAction,
    event::{EventKind, EventSource},
    message::MessageSubject,
    record::{AuditRecord, RefundApplicationRecord, RefundApplicationState, RefundRecord},
};
use store::{Command, EventEntry, News, ReadSet, UnitOfWork};

use super::{NewRefund, create_refund, reason, refundable_payment};
use crate::{Refunds, Right, ShopError, Staff, typed};

/// The largest length of a shopper's reason and of the shop's answer, characters.
const LONGEST: usize = 200;

/// How staff grant an application.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RefundApproval {
    /// The amount; `None` for everything that is left.
    pub fee: Option<Fen>,
    /// The number of the confirmation page, so that a double tap makes one refund. `None`: the shop creates a number.
    pub out_refund_no: Option<OutRefundNo>,
    /// Whether the pieces return to the stock: see [`super::RefundRequest::restock`].
    pub restock: bool,
}

impl Refunds {
    /// Applies for a refund of the shopper's own paid order. After the shop's answer the shopper can apply again.
    ///
    /// # Errors
    /// [`ShopError::NotFound`] also for another shopper's order, [`ShopError::NotPaid`] if no money is left to refund,
    /// [`ShopError::AlreadyAsked`], [`ShopError::Invalid`], or a failing database.
    pub async fn request_refund(
        &self,
        shopper: &Shopper,
        id: &OrderId,
        reason: &str,
    ) -> Result<(), ShopError> {
        self.orders.own_order(shopper, id).await?;
        let reason = words(reason, ASK_FOR_REASON)?;
        let request = RefundApplicationRecord {
            order_id: id.clone(),
            state: RefundApplicationState::Open,
            reason,
            asked_ms: self.clock.now_ms(),
            answer: String::new(),
            who: String::new(),
            answered_ms: None,
            out_refund_no: String::new(),
        };
        self.store.write(Apply(request)).await?
    }

    /// Takes back the shopper's own application, which the shop has not answered. Again changes nothing.
    ///
    /// # Errors
    /// [`ShopError::NotFound`] also for another shopper's order and without an application, [`ShopError::Changed`] if the shop has
    /// answered, or a failing database.
    pub async fn withdraw_application(&self, shopper: &Shopper, id: &OrderId) -> Result<(), ShopError> {
        self.orders.own_order(shopper, id).await?;
        self.store.write(Withdraw { id: id.clone(), now_ms: self.clock.now_ms() }).await?
    }

    /// The last refund application of an order, with the shop's answer.
    ///
    /// # Errors
    /// A failing database.
    pub async fn refund_application(
        &self,
        id: &OrderId,
    ) -> Result<Option<RefundApplicationRecord>, ShopError> {
        Ok(self.store.refund_application(id).await?)
    }

    /// Answers an application. A grant creates the refund in the same commit. If WeChat closes that refund, the application
    /// waits for an answer again.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], [`ShopError::NotFound`] if no application is open, and as [`Refunds::refund`].
    pub async fn answer_application(
        &self,
        staff: &Staff,
        id: &OrderId,
        grant: Option<RefundApproval>,
        answer: &str,
    ) -> Result<(), ShopError> {
        staff.check(Right::Refund)?;
        let answer = match grant {
            Some(_) if answer.trim().is_empty() => String::new(),
            _ => words(answer, ASK_FOR_ANSWER)?,
        };
        let what = if grant.is_some() { AuditAction::GrantRefund } else { AuditAction::DeclineRefund };
        let amount = |grant: &RefundApproval| {
            let fee = grant.fee.map_or_else(|| "all that is left".to_owned(), |fee| format!("{} fen", fee.0));
            if answer.is_empty() { fee } else { format!("{fee}: {answer}") }
        };
        let detail = grant.as_ref().map_or_else(|| answer.clone(), amount);
        let audit = self.audit.record(staff.name.as_str(), what, format!("{id}: {detail}"));
        let who = staff.name.to_string();
        let grant = grant.map(|grant| {
            let number = grant.out_refund_no.clone();
            (number.unwrap_or_else(|| self.new_refund_number(id)), grant)
        });
        let command = Answer { id: id.clone(), grant, answer, who, audit, now_ms: self.clock.now_ms() };
        if let Some(refund) = self.store.write(command).await??
            && let Err(error) = self.send_refund(&refund.out_refund_no).await
        {
            tracing::warn!(out_refund_no = %refund.out_refund_no, %error, "the refund was not sent: its job sends it again");
        }
        Ok(())
    }
}

const ASK_FOR_REASON: LocalizedText = LocalizedText {
    zh: "请填写退款原因，不超过 200 个字",
    en: "Please enter the reason in at most 200 letters.",
};

const ASK_FOR_ANSWER: LocalizedText = LocalizedText {
    zh: "请写明答复，不超过 200 个字",
    en: "Please enter your answer in at most 200 letters.",
};

fn words(text: &str, otherwise: LocalizedText) -> Result<String, ShopError> {
    if text.chars().any(|character| character.is_control() && !"\r\n\t".contains(character)) {
        return Err(ShopError::Invalid(otherwise));
    }
    let text = typed::lines(text);
    if (1..=LONGEST).contains(&text.chars().count()) { Ok(text) } else { Err(ShopError::Invalid(otherwise)) }
}

/// Stores a shopper's application.
struct Apply(RefundApplicationRecord);

impl Command for Apply {
    type Reply = Result<(), ShopError>;

    fn reads(&self, reads: &mut ReadSet) {
        reads.after_sale(&self.0.order_id);
    }

    fn apply(&self, unit: &mut UnitOfWork) -> Self::Reply {
        let id = &self.0.order_id;
        let order = unit.order(id).ok_or(ShopError::NotFound)?;
        // money that is going back already cannot be applied for
        let has_money = unit.attempts_of(id).iter().any(|attempt| attempt.refundable() > Fen::ZERO);
        if !order.state.holds_money() || !has_money {
            return Err(ShopError::NotPaid);
        }
        if unit.refund_application(id).is_some_and(|known| known.state.is_waiting()) {
            return Err(ShopError::AlreadyAsked);
        }
        let detail = self.0.reason.clone();
        let what = EventKind::RefundWanted;
        unit.record_event(
            id,
            EventEntry {
                at_ms: self.0.asked_ms,
                who: EventSource::Shopper,
                what,
                out_trade_no: None,
                detail,
            },
        );
        unit.set_refund_application(self.0.clone());
        tell(unit, MessageSubject::RefundWanted, &self.0, self.0.asked_ms);
        Ok(())
    }
}

/// Takes an application back.
struct Withdraw {
    id: OrderId,
    now_ms: i64,
}

impl Command for Withdraw {
    type Reply = Result<(), ShopError>;

    fn reads(&self, reads: &mut ReadSet) {
        reads.after_sale(&self.id);
    }

    fn apply(&self, unit: &mut UnitOfWork) -> Self::Reply {
        let mut request = unit.refund_application(&self.id).cloned().ok_or(ShopError::NotFound)?;
        match request.state {
            RefundApplicationState::Open => {}
            RefundApplicationState::Withdrawn => return Ok(()),
            RefundApplicationState::Granted
            | RefundApplicationState::Declined
            | RefundApplicationState::Failed => return Err(ShopError::Changed),
        }
        let note = EventEntry {
            at_ms: self.now_ms,
            who: EventSource::Shopper,
            what: EventKind::RefundWithdrawn,
            out_trade_no: None,
            detail: String::new(),
        };
        unit.record_event(&self.id, note);
        request.state = RefundApplicationState::Withdrawn;
        request.answered_ms = Some(self.now_ms);
        unit.set_refund_application(request);
        Ok(())
    }
}

/// Grants or declines an application.
struct Answer {
    id: OrderId,
    /// A grant, with the number of the refund.
    grant: Option<(OutRefundNo, RefundApproval)>,
    answer: String,
    who: String,
    audit: AuditRecord,
    now_ms: i64,
}

impl Command for Answer {
    type Reply = Result<Option<RefundRecord>, ShopError>;

    fn reads(&self, reads: &mut ReadSet) {
        reads.after_sale(&self.id);
        reads.refunds(&self.id);
        if let Some((number, _)) = &self.grant {
            reads.refund_number(number);
        }
    }

    fn apply(&self, unit: &mut UnitOfWork) -> Self::Reply {
        if let Some((number, _)) = &self.grant
            && let Some(known) = unit.refund(number)
        {
            // a repeated answer
            let same = known.order_id == self.id;
            return if same { Ok(Some(known.clone())) } else { Err(ShopError::RefundNumberTaken) };
        }
        let open = unit.refund_application(&self.id).cloned();
        let open = open.filter(|request| request.state.is_waiting());
        let mut request = open.ok_or(ShopError::NotFound)?;
        let refund = match &self.grant {
            Some((out_refund_no, grant)) => {
                let order = unit.order(&self.id).ok_or(ShopError::NotFound)?;
                let payment = refundable_payment(order, unit.attempts_of(&self.id).into_iter());
                let out_trade_no = payment.ok_or(ShopError::NotPaid)?;
                let shown = reason::cut(&request.reason);
                let new = NewRefund {
                    out_trade_no: &out_trade_no,
                    out_refund_no: out_refund_no.clone(),
                    fee: grant.fee,
                    reason: &shown,
                    who: &self.who,
                    restock: grant.restock,
                    now_ms: self.now_ms,
                };
                Some(create_refund(unit, &new)?)
            }
            None => {
                let detail = format!("{}, by {}", self.answer, self.who);
                let what = EventKind::RefundDeclined;
                let note = EventEntry {
                    at_ms: self.now_ms,
                    who: EventSource::Merchant,
                    what,
                    out_trade_no: None,
                    detail,
                };
                unit.record_event(&self.id, note);
                None
            }
        };
        request.state =
            if refund.is_some() { RefundApplicationState::Granted } else { RefundApplicationState::Declined };
        request.out_refund_no =
            refund.as_ref().map(|refund| refund.out_refund_no.to_string()).unwrap_or_default();
        request.answer.clone_from(&self.answer);
        request.who.clone_from(&self.who);
        request.answered_ms = Some(self.now_ms);
        if refund.is_none() {
            tell(unit, MessageSubject::RefundDeclined, &request, self.now_ms);
        }
        unit.set_refund_application(request);
        unit.record_audit(self.audit.clone());
        Ok(refund)
    }
}

/// Tells about an application. A shopper may apply again after an answer, so the time of the application is part of it.
fn tell(unit: &mut UnitOfWork, subject: MessageSubject, request: &RefundApplicationRecord, now_ms: i64) {
    unit.tell(&News {
        subject,
        order_id: &request.order_id,
        about: &format!("{}-{}", request.order_id, request.asked_ms),
        payment: None,
        now_ms,
        due_ms: now_ms,
    });
}
