//! A shopper asks for an after-sale, or withdraws it.

use model::{
    AfterSaleId, Fen, LocalizedText, OrderId, Shopper,
    after_sale::{AfterSaleEvent, AfterSaleKind, AfterSaleState},
    event::{EventKind, EventSource},
    message::MessageSubject,
    order::OrderKind,
    record::{AfterSaleRecord, PictureRecord},
};
use store::{Command, EventEntry, ReadSet, UnitOfWork};

use super::{
    AfterSaleLimits, AfterSales, checked_text,
    claim::{ClaimFacts, claim},
    pictures,
    step::{Step, plan, write_message},
};
use crate::{ShopError, refunds::refundable_payment};

/// The form with which a shopper asks for an after-sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AfterSaleForm {
    /// Money only, or the goods come back.
    pub kind: AfterSaleKind,
    /// The position of each line of the order, and the number of its pieces. Empty for all pieces that are left.
    pub lines: Vec<(i64, i64)>,
    /// The reason: 1 to 200 characters.
    pub reason: String,
    /// The uploaded files. Empty files are ignored.
    pub pictures: Vec<Vec<u8>>,
}

impl AfterSaleForm {
    /// A form that asks for a refund of everything that is left.
    #[must_use]
    pub fn whole(reason: &str) -> Self {
        Self {
            kind: AfterSaleKind::RefundOnly,
            lines: Vec::new(),
            reason: reason.to_owned(),
            pictures: Vec::new(),
        }
    }
}

impl AfterSales {
    /// Asks for an after-sale of the shopper's own paid order. If the shopper sends the same form again before the shop
    /// has answered, this returns the same after-sale.
    ///
    /// # Errors
    /// [`ShopError::NotFound`] also for another shopper's order, [`ShopError::NotPaid`] if no money is left to refund,
    /// [`ShopError::AlreadyAsked`], [`ShopError::Invalid`], [`ShopError::PictureNotSaved`], or a failing database.
    pub async fn apply(
        &self,
        shopper: &Shopper,
        id: &OrderId,
        form: AfterSaleForm,
    ) -> Result<AfterSaleId, ShopError> {
        self.orders.own_order(shopper, id).await?;
        let reason = checked_text(&form.reason, ASK_FOR_REASON)?;
        let pictures = pictures::check(form.pictures)?;
        let apply = Apply {
            order_id: id.clone(),
            kind: form.kind,
            wanted: form.lines,
            reason,
            pictures: self.pictures.write_after_sale_pictures(id, pictures).await?,
            limits: self.limits.clone(),
            now_ms: self.clock.now_ms(),
        };
        self.store.write(apply).await?
    }

    /// Withdraws an after-sale of the shopper's own order. A second call changes nothing.
    ///
    /// # Errors
    /// [`ShopError::NotFound`] also for another shopper's after-sale, [`ShopError::Changed`] if its state does not
    /// allow it any more, or a failing database.
    pub async fn withdraw(&self, shopper: &Shopper, id: &AfterSaleId) -> Result<(), ShopError> {
        self.own(shopper, id).await?;
        self.store.write(Withdraw(self.step(id, EventSource::Shopper, "")?)).await?
    }

    /// A step of this actor, now. `who` is the name of the staff member; empty for others.
    pub(super) fn step(&self, id: &AfterSaleId, source: EventSource, who: &str) -> Result<Step, ShopError> {
        Ok(Step {
            id: id.clone(),
            order_id: id.order_id().ok_or(ShopError::NotFound)?,
            source,
            who: who.to_owned(),
            limits: self.limits.clone(),
            now_ms: self.clock.now_ms(),
        })
    }
}

const TOP_UP_SPENT: ShopError = ShopError::invalid(
    "这笔充值已经用完，没有可退的余额",
    "This top-up is spent: there is nothing left to refund.",
);

const ASK_FOR_REASON: LocalizedText = LocalizedText {
    zh: "请填写退款原因，不超过 200 个字",
    en: "Please enter the reason in at most 200 letters.",
};

/// Stores a new after-sale.
struct Apply {
    order_id: OrderId,
    kind: AfterSaleKind,
    wanted: Vec<(i64, i64)>,
    reason: String,
    pictures: Vec<PictureRecord>,
    limits: AfterSaleLimits,
    now_ms: i64,
}

impl Command for Apply {
    type Reply = Result<AfterSaleId, ShopError>;

    fn reads(&self, reads: &mut ReadSet) {
        reads.order_with_after_sales(&self.order_id);
        // also reads the balance: only the unspent part of a top-up can be refunded
        reads.refunds(&self.order_id);
    }

    fn apply(&self, unit: &mut UnitOfWork) -> Self::Reply {
        let id = &self.order_id;
        let order = unit.order(id).ok_or(ShopError::NotFound)?;
        let attempts = unit.attempts_of(id);
        // money of open refunds is not refundable again
        let payment = refundable_payment(order, attempts.iter().copied());
        let refundable = attempts
            .iter()
            .find(|attempt| Some(&attempt.out_trade_no) == payment.as_ref())
            .map_or(Fen::ZERO, |attempt| attempt.refundable());
        if !order.state.holds_money() || refundable == Fen::ZERO {
            return Err(ShopError::NotPaid);
        }
        let refundable = match order.kind {
            OrderKind::TopUp => refundable.min(unit.balance(&order.shopper)),
            OrderKind::Goods => refundable,
        };
        if refundable == Fen::ZERO {
            return Err(TOP_UP_SPENT);
        }
        let is_shipped = unit.shipment(id).is_some();
        if self.kind == AfterSaleKind::Return && !is_shipped {
            return Err(ShopError::invalid(
                "商品还没有发出，请选择“仅退款”",
                "The goods were not sent yet. Please choose “Refund only”.",
            ));
        }
        let after_sales: Vec<AfterSaleRecord> = unit.after_sales_of(id).cloned().collect();
        if let Some(known) = after_sales.iter().find(|known| self.is_same(known)) {
            return Ok(known.id.clone());
        }
        let facts = ClaimFacts {
            items: unit.items_of(id),
            after_sales: &after_sales,
            freight_fee: order.freight_fee,
            is_shipped,
            refundable,
        };
        let claim = claim(facts, &self.wanted)?;
        let due_ms = self.limits.due_ms(self.kind, AfterSaleState::Requested, self.now_ms);
        let row = AfterSaleRecord {
            id: AfterSaleId::new(id, after_sales.len() + 1),
            order_id: id.clone(),
            kind: self.kind,
            state: AfterSaleState::Requested,
            lines: claim.lines,
            fee: claim.fee,
            reason: self.reason.clone(),
            pictures: i64::try_from(self.pictures.len()).unwrap_or(i64::MAX),
            asked_ms: self.now_ms,
            due_ms,
            answer: String::new(),
            who: String::new(),
            answered_ms: None,
            carrier: String::new(),
            tracking_no: String::new(),
            sent_ms: None,
            received_ms: None,
            restock: false,
            cancels_pieces: true,
            out_refund_no: String::new(),
        };
        unit.record_event(
            id,
            EventEntry {
                at_ms: self.now_ms,
                source: EventSource::Shopper,
                kind: EventKind::RefundWanted,
                out_trade_no: None,
                detail: self.reason.clone(),
            },
        );
        write_message(unit, MessageSubject::RefundWanted, &row, self.now_ms);
        if let Some(due_ms) = due_ms {
            plan(unit, &row.id, due_ms);
        }
        let id = row.id.clone();
        unit.add_after_sale(row, self.pictures.clone());
        Ok(id)
    }
}

impl Apply {
    /// Whether a known after-sale is from the same form: the shopper tapped twice, or the writer applies the command
    /// again.
    fn is_same(&self, known: &AfterSaleRecord) -> bool {
        let mut wanted = self.wanted.clone();
        wanted.sort_unstable();
        known.state == AfterSaleState::Requested
            && known.kind == self.kind
            && known.reason == self.reason
            && usize::try_from(known.pictures) == Ok(self.pictures.len())
            && !wanted.is_empty()
            && known.lines.iter().map(|line| (line.position, line.pieces)).eq(wanted)
    }
}

/// Withdraws an after-sale.
struct Withdraw(Step);

impl Command for Withdraw {
    type Reply = Result<(), ShopError>;

    fn reads(&self, reads: &mut ReadSet) {
        self.0.reads(reads);
    }

    fn apply(&self, unit: &mut UnitOfWork) -> Self::Reply {
        let step = &self.0;
        if step.record(unit)?.state == AfterSaleState::Withdrawn {
            return Ok(());
        }
        step.move_to(unit, AfterSaleEvent::Withdrawn, |row| row.answered_ms = Some(step.now_ms))?;
        step.record_event(unit, EventKind::RefundWithdrawn, String::new());
        Ok(())
    }
}
