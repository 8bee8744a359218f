use model::{OrderId, OutRefundNo, refund::RefundState};

use super::{
    settle::{ELSEWHERE, RefundSettled, SettleRefund, difference_id},
    stuck,
};
use crate::{
    Shop, ShopError,
    ids::nonce,
    payments::{Gateway, RefundTold},
    store::{
        Books, Command, Needs, Note,
        rows::{DifferenceRow, RefundRow},
    },
};

impl Shop {
    /// Takes a refund one step further: asks WeChat for it, or how far it is. Gives where it stands now.
    pub(crate) async fn push_refund(&self, out_refund_no: &OutRefundNo) -> Result<RefundState, ShopError> {
        // the request and the job of the same refund would ask at the same time
        let _turn = self.turns().take(out_refund_no.as_str()).await;
        let refund = self.store().refund(out_refund_no).await?.ok_or(ShopError::NotFound)?;
        let attempt = self.store().attempt(&refund.out_trade_no).await?.ok_or(ShopError::NotFound)?;
        let gateway = self.gateway_of(&attempt)?;
        match refund.state {
            RefundState::Success | RefundState::Closed => Ok(refund.state),
            RefundState::Processing | RefundState::Abnormal => self.ask_after(&gateway, &refund).await,
            // the shop never asks for a refund that somebody else has made
            RefundState::Requested if refund.who == ELSEWHERE => self.ask_after(&gateway, &refund).await,
            RefundState::Requested => {
                let refund = match refund.request.is_empty() {
                    false => refund,
                    true => {
                        let (url, nonce) = (self.settings().refund_notify_url(), nonce(self.ids()));
                        let request = gateway.refund_request(&attempt, &refund, &url, &nonce);
                        let prepare = Prepare { refund, request, now_ms: self.clock().now_ms() };
                        self.store().writer.write(prepare).await?
                    }
                };
                self.send(&gateway, &refund).await
            }
        }
    }

    async fn send(&self, gateway: &Gateway, refund: &RefundRow) -> Result<RefundState, ShopError> {
        let error = match gateway.refund(&refund.request).await {
            Ok(told) => return self.take_told(refund, told).await,
            Err(error) => error,
        };
        self.note_error(refund, error.to_string()).await?;
        if !error.is_refund_refused() {
            // no answer, no proof, no money yet, or a reason that is not the refund's: it may have been accepted all the
            // same, and it may be accepted later. The same number again is the same refund
            return Err(error.into());
        }
        // WeChat says that it will never make it, unless an earlier request under this number was accepted
        match gateway.query_refund(refund.out_refund_no.as_str(), &nonce(self.ids())).await {
            Ok(told) => self.take_told(refund, told).await,
            Err(asked) if asked.is_refund_not_exist() => {
                let told = RefundTold {
                    state: RefundState::Closed,
                    out_trade_no: refund.out_trade_no.to_string(),
                    out_refund_no: refund.out_refund_no.to_string(),
                    refund_id: String::new(),
                    refund_fee: refund.refund_fee.0,
                    payer_refund: None,
                    settlement_refund: None,
                    payload: error.to_string().into_bytes(),
                };
                tracing::error!(alert = "refund_refused", out_refund_no = %refund.out_refund_no, %error, "WeChat refuses a refund");
                self.take_told(refund, told).await
            }
            Err(asked) => Err(asked.into()),
        }
    }

    async fn ask_after(&self, gateway: &Gateway, refund: &RefundRow) -> Result<RefundState, ShopError> {
        match gateway.query_refund(refund.out_refund_no.as_str(), &nonce(self.ids())).await {
            Ok(told) => self.take_told(refund, told).await,
            // it was accepted, so this is WeChat's delay: it is asked for again under the same number
            Err(error) if error.is_refund_not_exist() && !refund.request.is_empty() => {
                self.send(gateway, refund).await
            }
            Err(error) => {
                self.note_error(refund, error.to_string()).await?;
                Err(error.into())
            }
        }
    }

    async fn take_told(&self, refund: &RefundRow, told: RefundTold) -> Result<RefundState, ShopError> {
        if told.state == RefundState::Requested {
            self.note_error(refund, "WeChat's answer does not name the refund".to_owned()).await?;
            return Ok(refund.state);
        }
        if told.state == refund.state {
            self.note_stuck(refund).await?;
        }
        let settle = SettleRefund {
            order_id: refund.order_id.clone(),
            out_trade_no: refund.out_trade_no.clone(),
            out_refund_no: refund.out_refund_no.clone(),
            told,
            source: "query",
            now_ms: self.clock().now_ms(),
        };
        match self.store().writer.write(settle).await? {
            RefundSettled::Settled(state) => Ok(state),
            RefundSettled::Different(_) => Ok(refund.state),
        }
    }

    /// Shows an accepted refund that does not arrive.
    async fn note_stuck(&self, refund: &RefundRow) -> Result<(), ShopError> {
        if stuck::is_difference(refund, self.clock().now_ms()) {
            self.note_error(refund, refund.last_error.clone()).await?;
        }
        Ok(())
    }

    async fn note_error(&self, refund: &RefundRow, error: String) -> Result<(), ShopError> {
        let failed = Failed {
            order_id: refund.order_id.clone(),
            out_refund_no: refund.out_refund_no.clone(),
            error,
            now_ms: self.clock().now_ms(),
        };
        Ok(self.store().writer.write(failed).await?)
    }
}

/// Writes the request down, before it is sent.
struct Prepare {
    refund: RefundRow,
    request: String,
    now_ms: i64,
}

impl Command for Prepare {
    type Reply = RefundRow;

    fn needs(&self, needs: &mut Needs) {
        needs.refunds(&self.refund.order_id);
    }

    fn apply(&self, books: &mut Books) -> RefundRow {
        let Some(row) = books.change_refund(&self.refund.out_refund_no) else { return self.refund.clone() };
        // another server may have been first: what it sent is what is sent
        if row.request.is_empty() {
            row.request.clone_from(&self.request);
            row.changed_ms = self.now_ms;
        }
        row.clone()
    }
}

/// Writes down why a refund does not get on. The same reason again is no news; a refund that is stuck for long becomes a
/// difference.
struct Failed {
    order_id: OrderId,
    out_refund_no: OutRefundNo,
    error: String,
    now_ms: i64,
}

impl Command for Failed {
    type Reply = ();

    fn needs(&self, needs: &mut Needs) {
        needs.refunds(&self.order_id);
    }

    fn apply(&self, books: &mut Books) {
        let Some(row) = books.refund(&self.out_refund_no).cloned() else { return };
        if stuck::is_difference(&row, self.now_ms) {
            tracing::error!(alert = stuck::REFUND_STUCK, out_refund_no = %row.out_refund_no, error = self.error, "a refund needs a person");
            let why = if self.error.is_empty() {
                "WeChat says no more than that it has accepted it"
            } else {
                &self.error
            };
            books.differ(DifferenceRow {
                id: difference_id(stuck::REFUND_STUCK, &row.out_trade_no, &row.out_refund_no),
                kind: stuck::REFUND_STUCK,
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
        if let Some(row) = books.change_refund(&self.out_refund_no) {
            row.last_error.clone_from(&self.error);
        }
        let note = Note {
            at_ms: self.now_ms,
            who: "wechat",
            what: "refund_delayed",
            out_trade_no: Some(&row.out_trade_no),
            detail: format!("{}: {}", row.out_refund_no, self.error),
        };
        books.note(&self.order_id, note);
    }
}
