use crate::{
    AfterSaleId, Fen, OrderId,
    after_sale::{AfterSaleKind, AfterSaleState, ClaimedLine},
    record::ItemRecord,
};

/// An after-sale (售后): a shopper asks for money back for pieces of an order. An order can have several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AfterSaleRecord {
    /// The order's id, `S`, and the number of the after-sale within its order.
    pub id: AfterSaleId,
    /// The order.
    pub order_id: OrderId,
    /// What the shopper asks for.
    pub kind: AfterSaleKind,
    /// Its state.
    pub state: AfterSaleState,
    /// The pieces that it claims. Empty if the order has no lines, such as a top-up: the after-sale claims all money
    /// that was left.
    pub lines: Vec<AfterSaleLine>,
    /// The amount that the shopper asks for, fen: the price of the pieces, and the delivery cost if the shopper claims
    /// all pieces before the shop has sent any.
    pub fee: Fen,
    /// The shopper's reason.
    pub reason: String,
    /// The number of the shopper's pictures; they are numbered from 1.
    pub pictures: i64,
    /// When the shopper applied, ms.
    pub asked_ms: i64,
    /// When the shop takes the next step by itself, ms; `None` if it waits for a person.
    pub due_ms: Option<i64>,
    /// What staff wrote: where to send the goods, or why they declined. May be empty.
    pub answer: String,
    /// The staff member who acted last; empty before.
    pub who: String,
    /// When the shop answered, or the shopper withdrew it, ms.
    pub answered_ms: Option<i64>,
    /// The carrier of the parcel that comes back.
    pub carrier: String,
    /// The tracking number of the parcel that comes back.
    pub tracking_no: String,
    /// When the shopper sent the goods back, ms.
    pub sent_ms: Option<i64>,
    /// When the shop received them, ms.
    pub received_ms: Option<i64>,
    /// Whether the pieces return to the stock when the refund succeeds.
    pub restock: bool,
    /// Whether its refund cancels the pieces, so that the shop does not send them: the refund covers their full price,
    /// or they return to the stock. After a smaller refund the shop still sends them.
    pub cancels_pieces: bool,
    /// The refund; empty before the shop created it.
    pub out_refund_no: String,
}

impl AfterSaleRecord {
    /// The amount that pages show: the amount of its refund, or what the shopper asks for if it has no refund. A refund
    /// that WeChat closed does not count.
    #[must_use]
    pub fn amount(&self, refund_fee: Option<Fen>) -> Fen {
        refund_fee.filter(|_| self.state != AfterSaleState::Failed).unwrap_or(self.fee)
    }

    /// Whether a refund of this amount covers the full price of the pieces, or everything that is left of the payment.
    /// `refundable` is the amount that can be refunded before this refund.
    #[must_use]
    pub fn is_paid_back_by(&self, refund_fee: Fen, refundable: Fen) -> bool {
        let pieces = self.lines.iter().map(|line| line.fee).sum::<Fen>();
        refund_fee >= pieces.min(refundable)
    }
}

/// The pieces of one line of an order that an after-sale claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AfterSaleLine {
    /// The number of the line of the order.
    pub position: i64,
    /// The number of pieces.
    pub pieces: i64,
    /// What the shopper asks back for them, fen.
    pub fee: Fen,
}

impl ItemRecord {
    /// The number of pieces that no refund cancelled. Before the shop has sent anything, it has to send so many.
    #[must_use]
    pub fn to_send<'a>(&self, after_sales: impl IntoIterator<Item = &'a AfterSaleRecord>) -> i64 {
        let cancelled = after_sales.into_iter().filter(|one| one.state.is_granted() && one.cancels_pieces);
        let lines = cancelled.flat_map(|one| &one.lines).filter(|line| line.position == self.position);
        self.quantity.get() - lines.map(|line| line.pieces).sum::<i64>()
    }

    /// The line with the pieces that these after-sales claim.
    #[must_use]
    pub fn claimed_by<'a>(&self, after_sales: impl Iterator<Item = &'a AfterSaleRecord>) -> ClaimedLine {
        let lines =
            after_sales.filter(|after_sale| after_sale.state.claims_pieces()).flat_map(|one| &one.lines);
        let (mut claimed, mut claimed_fee) = (0, Fen::ZERO);
        for line in lines.filter(|line| line.position == self.position) {
            claimed += line.pieces;
            claimed_fee.0 += line.fee.0;
        }
        let fee = Fen(self.price.0 * self.quantity.get() - self.reduction.0);
        ClaimedLine { quantity: self.quantity.get(), fee, claimed, claimed_fee }
    }
}
