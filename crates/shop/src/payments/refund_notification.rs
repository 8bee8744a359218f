//! Refunds that WeChat reports. Whoever made them, here they are written down for a person: the shop's own refunds
//! are made in the merchant platform so far.

use wechat::{
    Secret,
    pay::{
        v2::{RefundsOf, refund_notification::UntrustedRefund},
        v3::notification::RefundNotification,
    },
    wire::xml,
};

use super::{
    Api, Notified,
    notification::{failed, number, refused},
};
use crate::{Shop, ids::nonce, store::rows::AttemptRow};

impl Shop {
    /// A V2 refund notification is not signed: it is no more than a reason to ask.
    pub(super) async fn refund_notified_v2(&self, key: &Secret, body: &[u8]) -> Notified {
        let told = match UntrustedRefund::parse(body, key) {
            Ok(told) => told,
            Err(error) => return refused(&error),
        };
        let attempt = match self.attempt_of(&told.out_trade_no).await {
            Ok(attempt) => attempt,
            Err(outcome) => return outcome,
        };
        let sign_type = match attempt.as_ref().map(|attempt| attempt.api) {
            Some(Api::V2(sign_type)) => sign_type,
            _ => wechat::wire::sign::SignType::HmacSha256,
        };
        let Some(client) = self.account().v2() else { return refused(&"Pay V2 is not configured") };
        let of = RefundsOf::RefundId(told.refund_id);
        let refunds = match client.refundquery(&of, 0, sign_type, &nonce(self.ids())).await {
            Ok(refunds) => refunds,
            Err(error) if error.is_refund_not_exist() => return refused(&error),
            Err(error) => {
                tracing::warn!(%error, "WeChat was asked about a refund in vain: it will report it again");
                return Notified::Busy;
            }
        };
        let Some(refund) = refunds.refunds.first() else { return refused(&"WeChat knows no such refund") };
        let detail = describe(&refund.refund_id, refund.refund_fee, refund.refund_status.as_str());
        let subject = (&*refunds.out_trade_no, &*refund.out_refund_no);
        let payload = xml::write(refunds.fields()).into_bytes();
        self.note_refund(attempt.is_some(), subject, detail, payload).await
    }

    pub(super) async fn refund_notified_v3(
        &self,
        notification: RefundNotification,
        payload: Vec<u8>,
    ) -> Notified {
        let refund = notification.refund;
        let attempt = match self.attempt_of(&refund.out_trade_no).await {
            Ok(attempt) => attempt.filter(|attempt| attempt.mch_id == notification.mchid),
            Err(outcome) => return outcome,
        };
        let detail = describe(&refund.refund_id, refund.amount.refund, refund.status.as_str());
        let subject = (&*refund.out_trade_no, &*refund.out_refund_no);
        self.note_refund(attempt.is_some(), subject, detail, payload).await
    }

    async fn attempt_of(&self, out_trade_no: &str) -> Result<Option<AttemptRow>, Notified> {
        match number(out_trade_no) {
            Ok(number) => self.store().attempt(&number).await.map_err(|error| failed(&error)),
            Err(_) => Ok(None),
        }
    }

    /// Keeps a refund that WeChat vouches for. One of a known order is acknowledged: repeating it would tell no more.
    async fn note_refund(
        &self,
        known: bool,
        (out_trade_no, out_refund_no): (&str, &str),
        detail: String,
        payload: Vec<u8>,
    ) -> Notified {
        let kind = if known { "refund_elsewhere" } else { "refund_of_unknown_order" };
        let kept =
            self.keep_different(kind, out_trade_no.to_owned(), format!("{out_refund_no}: {detail}"), payload);
        match kept.await {
            Notified::Different(_) if known => Notified::Acknowledged,
            outcome => outcome,
        }
    }
}

fn describe(refund_id: &str, fee: i64, status: &str) -> String {
    format!("{refund_id}, {fee} fen, {status}")
}
