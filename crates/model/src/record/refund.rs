use crate::{Fen, OrderId, OutRefundNo, OutTradeNo, refund::RefundState};

/// A refund.
#[derive(Clone, Debug)]
pub struct RefundRecord {
    /// Its number: the same in every request about this refund.
    pub out_refund_no: OutRefundNo,
    /// The order.
    pub order_id: OrderId,
    /// The attempt that was paid.
    pub out_trade_no: OutTradeNo,
    /// Its state.
    pub state: RefundState,
    /// A staff member's name; `shop` for an automatic refund; `elsewhere` for one made in the merchant platform.
    pub who: String,
    /// The reason that the shopper reads.
    pub reason: String,
    /// The amount, fen.
    pub refund_fee: Fen,
    /// The part of `refund_fee` that returns to the shopper's balance, fen, when the refund succeeds.
    pub balance_fee: Fen,
    /// The request, byte for byte. Empty before the shop sends it, and for refunds made elsewhere.
    pub request: String,
    /// WeChat's number.
    pub refund_id: Option<String>,
    /// What the payer gets back, fen (`cash_refund_fee`, `payer_refund`). `None` if WeChat did not say.
    pub payer_refund: Option<Fen>,
    /// What the merchant pays, fen (`settlement_refund_fee`). `None` if WeChat did not say.
    pub settlement_refund: Option<Fen>,
    /// When the shop recorded it, ms.
    pub created_ms: i64,
    /// When its state last changed, ms.
    pub changed_ms: i64,
    /// Why WeChat has not accepted it yet, or closed it.
    pub last_error: String,
    /// The amount that it took from the shopper's balance, fen. It returns if WeChat closes the refund.
    pub debited: Fen,
    /// Whether the order's pieces go back to the stock when the refund succeeds.
    pub restock: bool,
}

impl RefundRecord {
    /// The amount that WeChat refunds, fen.
    #[must_use]
    pub const fn wechat_fee(&self) -> Fen {
        Fen(self.refund_fee.0 - self.balance_fee.0)
    }
}
