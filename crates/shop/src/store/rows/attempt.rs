use std::str::FromStr;

use model::{Fen, OpenId, OrderId, OutTradeNo, TransactionId, order::Money};
use sqlx::any::AnyRow;
use wechat::pay::v2::TradeType;

use super::super::StoreError;
use super::column::{number, text, text_or_empty, text_or_null};
use super::order::ORDER_WIDTH;
use crate::Api;

/// What became of a payment attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptState {
    /// It may still be paid.
    Open,
    /// WeChat took the money.
    Paid,
    /// WeChat confirmed that it can no longer be paid.
    Closed,
}

impl AttemptState {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Paid => "paid",
            Self::Closed => "closed",
        }
    }
}

impl FromStr for AttemptState {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "open" => Ok(Self::Open),
            "paid" => Ok(Self::Paid),
            "closed" => Ok(Self::Closed),
            _ => Err("unknown attempt state"),
        }
    }
}

/// A payment attempt.
#[derive(Clone, Debug)]
pub struct AttemptRow {
    /// Its number at WeChat.
    pub out_trade_no: OutTradeNo,
    /// The order that it is to pay.
    pub order_id: OrderId,
    /// The how-manieth attempt of the order, from 1.
    pub seq: i64,
    /// What became of it.
    pub state: AttemptState,
    /// The generation of WeChat Pay, and how its messages are signed.
    pub api: Api,
    /// How it is paid.
    pub trade_type: TradeType,
    /// The account that it was ordered with.
    pub appid: String,
    /// The merchant that it was ordered with.
    pub mch_id: String,
    /// Who is to pay; `None` where WeChat does not ask.
    pub openid: Option<OpenId>,
    /// What is to be paid.
    pub total_fee: Fen,
    /// When it was written down, ms.
    pub created_ms: i64,
    /// `time_expire`, ms.
    pub expires_ms: i64,
    /// WeChat's answer; empty where it is the address alone.
    pub prepay_id: Option<String>,
    /// Where it is paid, for the kinds that have an address: `code_url` or `mweb_url`.
    pub pay_url: Option<String>,
    /// When WeChat answered, ms.
    pub prepay_ms: Option<i64>,
    /// WeChat's number of the payment.
    pub transaction_id: Option<TransactionId>,
    /// When WeChat took the money, ms.
    pub paid_ms: Option<i64>,
    /// What the payer paid, less than `total_fee` by coupons, as far as WeChat told.
    pub payer_total: Option<Fen>,
    /// What the merchant is paid out of, as far as WeChat told (`settlement_total_fee`).
    pub settlement_total: Option<Fen>,
    /// What has been given back.
    pub refunded: Fen,
    /// What refunds that have not ended reserve.
    pub refunding: Fen,
    /// WeChat says that money of it was given back, and the books do not know how much.
    pub refunds_unknown: bool,
}

impl AttemptRow {
    /// What was paid with it, and how much of that is spoken for.
    #[must_use]
    pub const fn money(&self) -> Money {
        Money {
            total: self.total_fee,
            refunded: self.refunded,
            refunding: self.refunding,
            refunds_unknown: self.refunds_unknown,
        }
    }

    /// What may still be given back.
    #[must_use]
    pub const fn refundable(&self) -> Fen {
        match self.state {
            AttemptState::Paid => Fen(self.total_fee.0 - self.refunded.0 - self.refunding.0),
            AttemptState::Open | AttemptState::Closed => Fen::ZERO,
        }
    }
}

/// The columns of `attempts`, as [`attempt`] reads them from the given position on.
pub(in crate::store) const ATTEMPT: &str = "a.out_trade_no, a.order_id, a.seq, a.state, a.api, a.trade_type, a.sign_type, \
                                  a.appid, a.mch_id, a.openid, a.total_fee, a.created_ms, \
                                  a.expires_ms, a.prepay_id, a.prepay_ms, a.transaction_id, a.paid_ms, a.payer_total, \
                                  a.settlement_total, a.refunded, a.refunding, a.pay_url, a.refunds_unknown";

pub(in crate::store) fn attempt(row: &AnyRow, from: usize) -> Result<AttemptRow, StoreError> {
    Ok(AttemptRow {
        out_trade_no: text(row, from)?,
        order_id: text(row, from + 1)?,
        seq: number(row, from + 2)?,
        state: text(row, from + 3)?,
        api: Api::parse(&text::<String>(row, from + 4)?, &text::<String>(row, from + 6)?)
            .ok_or_else(|| StoreError::new("reading a row", "an attempt is of an unknown kind"))?,
        trade_type: TradeType::from(text::<String>(row, from + 5)?.as_str()),
        appid: text(row, from + 7)?,
        mch_id: text(row, from + 8)?,
        openid: text_or_empty(row, from + 9)?,
        total_fee: Fen(number(row, from + 10)?),
        created_ms: number(row, from + 11)?,
        expires_ms: number(row, from + 12)?,
        prepay_id: text_or_null(row, from + 13)?,
        prepay_ms: number(row, from + 14)?,
        transaction_id: text_or_null(row, from + 15)?,
        paid_ms: number(row, from + 16)?,
        payer_total: number::<Option<i64>>(row, from + 17)?.map(Fen),
        settlement_total: number::<Option<i64>>(row, from + 18)?.map(Fen),
        refunded: Fen(number(row, from + 19)?),
        refunding: Fen(number(row, from + 20)?),
        pay_url: text_or_null(row, from + 21)?,
        refunds_unknown: number::<i64>(row, from + 22)? != 0,
    })
}

/// The attempt beside an order in a LEFT JOIN.
pub(in crate::store) fn attempt_beside(row: &AnyRow) -> Result<Option<AttemptRow>, StoreError> {
    match text_or_null::<String>(row, ORDER_WIDTH)? {
        Some(_) => attempt(row, ORDER_WIDTH).map(Some),
        None => Ok(None),
    }
}
