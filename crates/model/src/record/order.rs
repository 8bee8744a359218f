use crate::{
    Fen, OrderId, OutTradeNo, Shopper,
    order::{OrderKind, OrderState},
};

/// An order.
#[derive(Clone, Debug)]
pub struct OrderRecord {
    /// Its number in the shop.
    pub id: OrderId,
    /// Goods or a top-up.
    pub kind: OrderKind,
    /// The shopper who placed it.
    pub shopper: Shopper,
    /// Its items in one text. The shop finds a second tap by the same shopper and the same text.
    pub basket: String,
    /// Its state.
    pub state: OrderState,
    /// The amount to pay, fen: its lines and `freight_fee`, less `reduction_fee`.
    pub total_fee: Fen,
    /// The delivery cost in it, fen.
    pub freight_fee: Fen,
    /// What was taken off the goods, fen.
    pub reduction_fee: Fen,
    /// The part of `total_fee` that the shopper's balance pays, fen. The order reserves it until it is paid or closed.
    pub balance_fee: Fen,
    /// When the shopper placed it, ms.
    pub created_ms: i64,
    /// The end of the time to pay (`SHOP_ORDER_EXPIRE_S`), ms.
    pub expires_ms: i64,
    /// When it was paid, ms; `None` before.
    pub paid_ms: Option<i64>,
    /// The attempt that paid it; `None` before the payment.
    pub paid_out_trade_no: Option<OutTradeNo>,
    /// The number of its events.
    pub version: i64,
    /// The secret of its link; empty for old orders without a link, and after an erasure.
    pub link_key: String,
    /// The IP address or /64 network of the shopper, for the limits of held stock. Empty for a top-up, for old orders,
    /// and after an erasure.
    pub placed_from: String,
    /// The number of pieces that it took from the stock and has not returned; 0 after the hold time.
    pub held: i64,
}

impl OrderRecord {
    /// The amount that WeChat Pay takes, fen: what the balance does not pay.
    #[must_use]
    pub const fn wechat_fee(&self) -> Fen {
        Fen(self.total_fee.0 - self.balance_fee.0)
    }
}
