use crate::{Fen, OrderId, OutRefundNo, OutTradeNo, refund::RefundState};

/// A refund.
#[derive(Clone, Debug)]
pub struct RefundRecord {
    /// Our number of the refund, an idempotency key: the same in every request about it.
    pub out_refund_no: OutRefundNo,
    /// The order.
    pub order_id: OrderId,
    /// The payment that is refunded.
    pub out_trade_no: OutTradeNo,
    /// Its state.
    pub state: RefundState,
    /// The name of the staff member or program. `shop`: the shop did it. `elsewhere`: a person made it in the merchant
    /// platform.
    pub who: String,
    /// The reason that the shopper reads.
    pub reason: String,
    /// The amount with the balance's part, fen.
    pub refund_fee: Fen,
    /// The part of `refund_fee` that returns to the shopper's balance when the refund succeeds, fen.
    pub balance_fee: Fen,
    /// The request, byte for byte. Empty before the shop sends it, and for refunds that the shop does not send.
    pub request: String,
    /// WeChat's number of the refund; `None` before WeChat accepted it.
    pub refund_id: Option<String>,
    /// What the payer gets back, fen (`cash_refund_fee`, `payer_refund`). `None` if WeChat did not say.
    pub payer_refund: Option<Fen>,
    /// What the merchant pays back, fen (`settlement_refund_fee`). `None` if WeChat did not say.
    pub settlement_refund: Option<Fen>,
    /// When the shop recorded it, ms.
    pub created_ms: i64,
    /// When its state last changed, ms.
    pub changed_ms: i64,
    /// Why WeChat has not accepted it yet, or closed it; empty if there is no reason.
    pub last_error: String,
    /// The amount of a top-up that it took from the shopper's balance, fen. It returns if WeChat closes the refund.
    pub debited: Fen,
    /// Whether pieces return to the stock when the refund succeeds.
    pub restock: bool,
}

impl RefundRecord {
    /// The amount that WeChat refunds, fen.
    #[must_use]
    pub const fn wechat_fee(&self) -> Fen {
        Fen(self.refund_fee.0 - self.balance_fee.0)
    }
}
