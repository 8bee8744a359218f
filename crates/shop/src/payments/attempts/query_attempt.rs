use model::{event::EventSource, record::AttemptRecord};
use wechat::pay::v2::TradeState;

use super::super::settle_payment::{SettlePayment, SettlePaymentWithRefunds, SettledPayment};
use crate::{
    Payments, ShopError,
    gateway::{OrderQueryResult, RefundResult},
};

/// The status of an attempt after a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AttemptStatus {
    /// It is paid, and the payment is booked.
    Paid,
    /// It can no longer be paid, and it is closed in the books.
    Closed,
    /// It can still be paid (`NOTPAY`, `USERPAYING` and `PAYERROR` are not final), or its payment could not be booked.
    Open,
    /// WeChat does not know it: the prepay call did not arrive, or has not arrived yet.
    Unknown,
}

impl Payments {
    /// Queries WeChat about an attempt and books the answer.
    pub(crate) async fn query(&self, attempt: &AttemptRecord) -> Result<AttemptStatus, ShopError> {
        let number = &attempt.out_trade_no;
        let asked = self.accounts.gateway_of(attempt)?.query(number.as_str()).await;
        let asked = match asked {
            Ok(asked) => asked,
            Err(error) if error.is_order_not_exist() => return Ok(AttemptStatus::Unknown),
            Err(error) => return Err(error.into()),
        };
        match &asked.trade_state {
            TradeState::Success => {
                let Some(settle) = self.settle_of(attempt, asked) else { return Ok(AttemptStatus::Open) };
                Ok(answer(attempt, self.store.write(settle).await?))
            }
            // it was paid, and another program refunded it: one commit books both
            TradeState::Refund => {
                let refunds = self.list_refunds(attempt).await?;
                let Some(settle) = self.settle_of(attempt, asked) else { return Ok(AttemptStatus::Open) };
                let order_id = attempt.order_id.clone();
                let settled =
                    self.store.write(SettlePaymentWithRefunds { settle, order_id, refunds }).await?;
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

    /// All refunds of an attempt at WeChat; `None` if the shop cannot list them.
    async fn list_refunds(&self, attempt: &AttemptRecord) -> Result<Option<Vec<RefundResult>>, ShopError> {
        let (gateway, v2) = (self.accounts.gateway_of(attempt)?, self.accounts.of_attempt(attempt)?.v2());
        match gateway.list_refunds(v2, attempt.out_trade_no.as_str()).await {
            Ok(list) => Ok(list),
            Err(error) if error.is_retryable() => Err(error.into()),
            Err(error) => {
                tracing::warn!(out_trade_no = %attempt.out_trade_no, %error, "WeChat gives no list of an order's refunds");
                Ok(None)
            }
        }
    }

    /// The command that books the payment; `None` if the answer has no payment.
    fn settle_of(&self, attempt: &AttemptRecord, asked: OrderQueryResult) -> Option<SettlePayment> {
        let payment = asked.paid?;
        payment.log_missing_fields(attempt.out_trade_no.as_str());
        Some(SettlePayment {
            is_miniprogram: self.accounts.is_miniprogram(&attempt.appid),
            out_trade_no: Ok(attempt.out_trade_no.clone()),
            // the client has verified the signature, the appid and the merchant number of the answer
            sign_type: None,
            appid: attempt.appid.clone(),
            mch_id: attempt.mch_id.clone(),
            payment,
            source: EventSource::Query,
            payload: asked.payload,
            now_ms: self.clock.now_ms(),
        })
    }
}

/// The status of an attempt after its payment was booked.
fn answer(attempt: &AttemptRecord, settled: SettledPayment) -> AttemptStatus {
    let out_trade_no = &attempt.out_trade_no;
    match settled {
        SettledPayment::Paid | SettledPayment::AlreadyPaid => AttemptStatus::Paid,
        SettledPayment::Surplus(kind) => {
            tracing::error!(alert = kind.as_str(), %out_trade_no, "a payment that the order does not need");
            AttemptStatus::Paid
        }
        // only a notification has a sign type to compare
        SettledPayment::Forged => AttemptStatus::Open,
        SettledPayment::Discrepancy(kind) => {
            tracing::error!(alert = kind.as_str(), %out_trade_no, "WeChat's answer does not fit the books");
            AttemptStatus::Open
        }
    }
}
