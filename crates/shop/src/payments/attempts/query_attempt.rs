use model::{event::EventSource, record::AttemptRecord};
use wechat::pay::v2::TradeState;

use super::super::{
    gateway::{OrderQueryResult, RefundResult},
    settle_payment::{Settle, SettleRefunded, Settled},
};
use crate::{Shop, ShopError, ids::nonce};

/// What WeChat answers about an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AttemptStatus {
    /// It has been paid, and the books say so now.
    Paid,
    /// It can no longer be paid, and the books say so now.
    Closed,
    /// Neither: `NOTPAY`, `USERPAYING` and `PAYERROR` are not final.
    Open,
    /// WeChat does not know it: it never got the order, or has not got it yet.
    Unknown,
}

impl Shop {
    /// Asks WeChat about an attempt and writes down what it says.
    pub(crate) async fn query(&self, attempt: &AttemptRecord) -> Result<AttemptStatus, ShopError> {
        let number = &attempt.out_trade_no;
        let asked = self.gateway_of(attempt)?.query(number.as_str(), &nonce(self.ids())).await;
        let asked = match asked {
            Ok(asked) => asked,
            Err(error) if error.is_order_not_exist() => return Ok(AttemptStatus::Unknown),
            Err(error) => return Err(error.into()),
        };
        match &asked.trade_state {
            TradeState::Success => {
                let Some(settle) = self.settle_of(attempt, asked) else { return Ok(AttemptStatus::Open) };
                Ok(answer(attempt, self.store().write(settle).await?))
            }
            // paid first, given back by somebody later: both are written down in one commit
            TradeState::Refund => {
                let refunds = self.list_refunds(attempt).await?;
                let Some(settle) = self.settle_of(attempt, asked) else { return Ok(AttemptStatus::Open) };
                let order_id = attempt.order_id.clone();
                let settled = self.store().write(SettleRefunded { settle, order_id, refunds }).await?;
                Ok(answer(attempt, settled))
            }
            TradeState::Closed | TradeState::Revoked => {
                let detail = asked.trade_state.as_str().to_owned();
                self.confirm_closed(attempt, EventSource::Query, detail).await?;
                Ok(AttemptStatus::Closed)
            }
            _ => Ok(AttemptStatus::Open),
        }
    }

    /// All refunds that WeChat has of an attempt; `None` where it gives no list.
    async fn list_refunds(&self, attempt: &AttemptRecord) -> Result<Option<Vec<RefundResult>>, ShopError> {
        let (gateway, v2) = (self.gateway_of(attempt)?, self.account_of(attempt)?.v2());
        match gateway.list_refunds(v2, attempt.out_trade_no.as_str(), &nonce(self.ids())).await {
            Ok(list) => Ok(list),
            Err(error) if error.is_retryable() => Err(error.into()),
            Err(error) => {
                tracing::warn!(out_trade_no = %attempt.out_trade_no, %error, "WeChat gives no list of an order's refunds");
                Ok(None)
            }
        }
    }

    /// The command that writes down what was paid; nothing where WeChat names no payment.
    fn settle_of(&self, attempt: &AttemptRecord, asked: OrderQueryResult) -> Option<Settle> {
        let payment = asked.paid?;
        payment.log_missing_fields(attempt.out_trade_no.as_str());
        Some(Settle {
            out_trade_no: Ok(attempt.out_trade_no.clone()),
            // the reply's signature, appid and mch_id were compared with the request's by the client
            sign_type: None,
            appid: attempt.appid.clone(),
            mch_id: attempt.mch_id.clone(),
            payment,
            source: EventSource::Query,
            payload: asked.payload,
            now_ms: self.clock().now_ms(),
        })
    }
}

/// What became of an attempt whose payment was written down.
fn answer(attempt: &AttemptRecord, settled: Settled) -> AttemptStatus {
    let out_trade_no = &attempt.out_trade_no;
    match settled {
        Settled::Paid | Settled::AlreadyPaid => AttemptStatus::Paid,
        Settled::Surplus(kind) => {
            tracing::error!(alert = kind.as_str(), %out_trade_no, "a payment that the order does not need");
            AttemptStatus::Paid
        }
        // only a notification says how it is signed
        Settled::NotGenuine => AttemptStatus::Open,
        Settled::Discrepancy(kind) => {
            tracing::error!(alert = kind.as_str(), %out_trade_no, "WeChat's answer does not fit the books");
            AttemptStatus::Open
        }
    }
}
