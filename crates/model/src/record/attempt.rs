use crate::{
    Fen, OpenId, OrderId, OutTradeNo, TransactionId,
    order::Money,
    payment::{AttemptState, PayApi, TradeType},
};

/// A payment attempt: one `out_trade_no` at WeChat.
#[derive(Clone, Debug)]
pub struct AttemptRecord {
    /// Its number at WeChat.
    pub out_trade_no: OutTradeNo,
    /// The order that it pays.
    pub order_id: OrderId,
    /// The number of this attempt within its order, from 1.
    pub seq: i64,
    /// Its state.
    pub state: AttemptState,
    /// The version of WeChat Pay's API, with the sign type.
    pub api: PayApi,
    /// Where the shopper pays.
    pub trade_type: TradeType,
    /// The appid that the attempt was made with.
    pub appid: String,
    /// The merchant number that the attempt was made with.
    pub mch_id: String,
    /// The payer; `None` if WeChat does not ask for one.
    pub openid: Option<OpenId>,
    /// The amount to pay, fen. When it is paid, with the part that the balance pays.
    pub total_fee: Fen,
    /// The part of `total_fee` that came from the shopper's balance, fen. Zero until it is paid.
    pub balance_fee: Fen,
    /// When the shop recorded it, ms.
    pub created_ms: i64,
    /// `time_expire`, ms.
    pub expires_ms: i64,
    /// WeChat's `prepay_id`; `None` before WeChat answered, empty if the answer is an address only.
    pub prepay_id: Option<String>,
    /// The address to pay at: `code_url` or `mweb_url`.
    pub pay_url: Option<String>,
    /// When WeChat answered, ms.
    pub prepay_ms: Option<i64>,
    /// WeChat's number of the payment.
    pub transaction_id: Option<TransactionId>,
    /// When WeChat took the money, ms.
    pub paid_ms: Option<i64>,
    /// What the payer paid, fen: `total_fee` less coupons. `None` if WeChat did not say.
    pub payer_total: Option<Fen>,
    /// `settlement_total_fee`, fen: the amount that WeChat pays out to the merchant, before its fee. `None` if WeChat
    /// did not say.
    pub settlement_total: Option<Fen>,
    /// The amount of all refunds that succeeded, fen.
    pub refunded: Fen,
    /// The amount that refunds reserve which have not ended, fen.
    pub refunding: Fen,
    /// Whether WeChat says that money went back, and the books do not know how much.
    pub refunds_unknown: bool,
}

impl AttemptRecord {
    /// The amount that was paid, and the parts of it that refunds take.
    #[must_use]
    pub const fn money(&self) -> Money {
        Money {
            total: self.total_fee,
            refunded: self.refunded,
            refunding: self.refunding,
            refunds_unknown: self.refunds_unknown,
        }
    }

    /// The amount that WeChat Pay takes, fen.
    #[must_use]
    pub const fn wechat_fee(&self) -> Fen {
        Fen(self.total_fee.0 - self.balance_fee.0)
    }

    /// The amount that can still be refunded, fen.
    #[must_use]
    pub const fn refundable(&self) -> Fen {
        match self.state {
            AttemptState::Paid => Fen(self.total_fee.0 - self.refunded.0 - self.refunding.0),
            AttemptState::Open | AttemptState::Closed => Fen::ZERO,
        }
    }
}
