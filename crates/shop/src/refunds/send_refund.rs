use model::{
    OrderId, OutRefundNo,
    discrepancy::DiscrepancyKind,
    event::{EventKind, EventSource},
    record::{DiscrepancyRecord, RefundRecord},
    refund::RefundState,
};
use store::{Command, EventEntry, ReadSet, UnitOfWork};

use super::{
    settle_refund::{ELSEWHERE, RefundSettled, SettleRefund, discrepancy_id},
    stuck_refund::is_discrepancy,
};
use crate::{
    Refunds, ShopError,
    gateway::{Gateway, RefundResult},
    ids::nonce,
};

impl Refunds {
    /// Sends a refund to WeChat, or queries WeChat about it, depending on its state. Returns the state after that.
    pub(crate) async fn send_refund(&self, out_refund_no: &OutRefundNo) -> Result<RefundState, ShopError> {
        // without the lock, the request and the job of the same refund could call WeChat at the same time
        let _turn = self.sending.lock(out_refund_no.as_str()).await;
        let refund = self.store.refund(out_refund_no).await?.ok_or(ShopError::NotFound)?;
        let attempt = self.store.attempt(&refund.out_trade_no).await?.ok_or(ShopError::NotFound)?;
        let gateway = self.accounts.gateway_of(&attempt)?;
        match refund.state {
            RefundState::Success | RefundState::Closed => Ok(refund.state),
            RefundState::Processing | RefundState::Abnormal => self.query_refund(&gateway, &refund).await,
            // the shop does not send a refund that a person made in the merchant platform
            RefundState::Requested if refund.who == ELSEWHERE => self.query_refund(&gateway, &refund).await,
            RefundState::Requested => {
                let refund = match refund.request.is_empty() {
                    false => refund,
                    true => {
                        let nonce = nonce(&*self.ids);
                        let request = gateway.refund_request(&attempt, &refund, &self.notify_url, &nonce);
                        let prepare = Prepare { refund, request, now_ms: self.clock.now_ms() };
                        self.store.write(prepare).await?
                    }
                };
                self.send(&gateway, &refund).await
            }
        }
    }

    async fn send(&self, gateway: &Gateway, refund: &RefundRecord) -> Result<RefundState, ShopError> {
        let error = match gateway.refund(&refund.request).await {
            Ok(reported) => return self.take_reported(refund, reported).await,
            Err(error) => error,
        };
        self.note_error(refund, error.to_string()).await?;
        if !error.is_refund_refused() {
            // no answer, an unverified answer, too little money, or a refusal that is not final: WeChat may have
            // accepted the refund, or may accept it later. The job sends the same number again, which is the same
            // refund
            return Err(error.into());
        }
        // a final refusal, unless WeChat accepted an earlier request with this number
        match gateway.query_refund(refund.out_refund_no.as_str()).await {
            Ok(reported) => self.take_reported(refund, reported).await,
            Err(asked) if asked.is_refund_not_exist() => {
                let reported = RefundResult {
                    state: RefundState::Closed,
                    out_trade_no: refund.out_trade_no.to_string(),
                    out_refund_no: refund.out_refund_no.to_string(),
                    refund_id: String::new(),
                    refund_fee: refund.wechat_fee().0,
                    payer_refund: None,
                    settlement_refund: None,
                    payload: error.to_string().into_bytes(),
                };
                tracing::error!(alert = "refund_refused", out_refund_no = %refund.out_refund_no, %error, "WeChat refuses a refund");
                self.take_reported(refund, reported).await
            }
            Err(asked) => Err(asked.into()),
        }
    }

    async fn query_refund(&self, gateway: &Gateway, refund: &RefundRecord) -> Result<RefundState, ShopError> {
        match gateway.query_refund(refund.out_refund_no.as_str()).await {
            Ok(reported) => self.take_reported(refund, reported).await,
            // WeChat accepted it but does not know it yet: the shop sends the same number again
            Err(error) if error.is_refund_not_exist() && !refund.request.is_empty() => {
                self.send(gateway, refund).await
            }
            Err(error) => {
                self.note_error(refund, error.to_string()).await?;
                Err(error.into())
            }
        }
    }

    pub(super) async fn take_reported(
        &self,
        refund: &RefundRecord,
        reported: RefundResult,
    ) -> Result<RefundState, ShopError> {
        if reported.state == RefundState::Requested {
            self.note_error(refund, "WeChat's answer does not name the refund".to_owned()).await?;
            return Ok(refund.state);
        }
        if reported.state == refund.state {
            self.note_stuck(refund).await?;
        }
        let settle = SettleRefund {
            order_id: refund.order_id.clone(),
            out_trade_no: refund.out_trade_no.clone(),
            out_refund_no: refund.out_refund_no.clone(),
            reported,
            source: EventSource::Query,
            now_ms: self.clock.now_ms(),
        };
        match self.store.write(settle).await? {
            RefundSettled::Settled(state) => Ok(state),
            RefundSettled::Discrepancy(_) => Ok(refund.state),
        }
    }

    /// Records a discrepancy if an accepted refund does not end for a long time.
    async fn note_stuck(&self, refund: &RefundRecord) -> Result<(), ShopError> {
        if is_discrepancy(refund, self.clock.now_ms()) {
            self.note_error(refund, refund.last_error.clone()).await?;
        }
        Ok(())
    }

    async fn note_error(&self, refund: &RefundRecord, error: String) -> Result<(), ShopError> {
        let failed = Failed {
            order_id: refund.order_id.clone(),
            out_refund_no: refund.out_refund_no.clone(),
            error,
            now_ms: self.clock.now_ms(),
        };
        Ok(self.store.write(failed).await?)
    }
}

/// Stores the request of a refund before it is sent.
struct Prepare {
    refund: RefundRecord,
    request: String,
    now_ms: i64,
}

impl Command for Prepare {
    type Reply = RefundRecord;

    fn reads(&self, reads: &mut ReadSet) {
        reads.refunds(&self.refund.order_id);
    }

    fn apply(&self, unit: &mut UnitOfWork) -> RefundRecord {
        let Some(row) = unit.update_refund(&self.refund.out_refund_no) else { return self.refund.clone() };
        // if another server has stored a request, that one is sent
        if row.request.is_empty() {
            row.request.clone_from(&self.request);
            row.changed_ms = self.now_ms;
        }
        row.clone()
    }
}

/// Records why WeChat has not accepted or finished a refund. The same reason is recorded only once. A refund that is
/// stuck for too long becomes a discrepancy.
struct Failed {
    order_id: OrderId,
    out_refund_no: OutRefundNo,
    error: String,
    now_ms: i64,
}

impl Command for Failed {
    type Reply = ();

    fn reads(&self, reads: &mut ReadSet) {
        reads.refunds(&self.order_id);
    }

    fn apply(&self, unit: &mut UnitOfWork) {
        let Some(row) = unit.refund(&self.out_refund_no).cloned() else { return };
        if is_discrepancy(&row, self.now_ms) {
            tracing::error!(alert = DiscrepancyKind::RefundStuck.as_str(), out_refund_no = %row.out_refund_no, error = self.error, "a refund needs a person");
            let why = if self.error.is_empty() {
                "WeChat says no more than that it has accepted it"
            } else {
                &self.error
            };
            unit.record_discrepancy(DiscrepancyRecord {
                id: discrepancy_id(DiscrepancyKind::RefundStuck, &row.out_trade_no, &row.out_refund_no),
                kind: DiscrepancyKind::RefundStuck,
                out_trade_no: row.out_trade_no.to_string(),
                at_ms: self.now_ms,
                detail: format!("{}, {} fen, {}: {why}", row.out_refund_no, row.refund_fee.0, row.state),
                payload: Vec::new(),
                resolution: String::new(),
            });
        }
        if row.last_error == self.error {
            return;
        }
        if let Some(row) = unit.update_refund(&self.out_refund_no) {
            row.last_error.clone_from(&self.error);
        }
        let note = EventEntry {
            at_ms: self.now_ms,
            source: EventSource::Wechat,
            kind: EventKind::RefundDelayed,
            out_trade_no: Some(&row.out_trade_no),
            detail: format!("{}: {}", row.out_refund_no, self.error),
        };
        unit.record_event(&self.order_id, note);
    }
}
