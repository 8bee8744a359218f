use crate::{
    Fen, OpenId, OrderId, OutTradeNo, TransactionId,
    order::Money,
    payment::{AttemptState, PayApi, TradeType},
};

/// A payment attempt: one `out_trade_no` at WeChat.
#[derive(Clone, Debug)]
pub struct AttemptRecord {
    /// Our number of the attempt at WeChat.
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
    /// The appid of the account that made the attempt; empty if the balance paid everything.
    pub appid: String,
    /// The number of the merchant who is paid; empty if the balance paid everything.
    pub mch_id: String,
    /// The payer's openid for `appid`; `None` if the trade type has no fixed payer.
    pub openid: Option<OpenId>,
    /// The amount, fen. Before the payment it is WeChat's part; the booking of the payment adds the balance's part.
    pub total_fee: Fen,
    /// The part of `total_fee` that came from the shopper's balance, fen; 0 before the payment.
    pub balance_fee: Fen,
    /// When the shop recorded it, ms.
    pub created_ms: i64,
    /// WeChat's `time_expire`: until then the attempt can be paid, ms.
    pub expires_ms: i64,
    /// WeChat's `prepay_id`; `None` before WeChat answered, empty if the answer has only a URL.
    pub prepay_id: Option<String>,
    /// WeChat's `code_url` or `mweb_url`; `None` for JSAPI.
    pub pay_url: Option<String>,
    /// When WeChat answered the newest prepay call, ms.
    pub prepay_ms: Option<i64>,
    /// WeChat's number of the payment; `None` before the payment, or if the balance paid everything.
    pub transaction_id: Option<TransactionId>,
    /// When it was paid, ms.
    pub paid_ms: Option<i64>,
    /// What the payer paid, fen: `total_fee` less coupons. `None` if WeChat did not say.
    pub payer_total: Option<Fen>,
    /// `settlement_total_fee`, fen: the amount that WeChat pays out to the merchant, before its fee. `None` if WeChat
    /// did not say.
    pub settlement_total: Option<Fen>,
    /// The amount of all refunds that succeeded, fen.
    pub refunded: Fen,
    /// The amount that open refunds reserve, fen.
    pub refunding: Fen,
    /// Whether WeChat reports refunds that the books do not know.
    pub refunds_unknown: bool,
}

impl AttemptRecord {
    /// The amount that was paid, and what refunds take of it.
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

    /// The amount that can still be refunded, fen; 0 if the attempt is not paid.
    #[must_use]
    pub const fn refundable(&self) -> Fen {
        match self.state {
            AttemptState::Paid => Fen(self.total_fee.0 - self.refunded.0 - self.refunding.0),
            AttemptState::Open | AttemptState::Closed => Fen::ZERO,
        }
    }
}
