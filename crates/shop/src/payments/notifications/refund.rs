//! Notifications of refunds, also of refunds that another program or a person made.

use model::{discrepancy::DiscrepancyKind, event::EventSource, record::AttemptRecord};
use store::QueueFull;
use wechat::{
    Secret,
    bill::BillDate,
    pay::{v2::refund_notification::UntrustedRefund, v3::notification::RefundNotification},
    wire::xml,
};

use super::{NotificationOutcome, failed, number, refused};
use crate::{
    Payments, ShopError,
    gateway::RefundResult,
    refunds::{RefundSettled, SettleRefund},
};

impl Payments {
    /// Handles an encrypted refund notification if the shop has no APIv2 key. WeChat reports refunds of the merchant
    /// platform in V2's form, also for V3 payments. Without the key the shop cannot read them: it records a discrepancy
    /// and does not acknowledge. There is at most one discrepancy a day, because anyone can send such a message. The
    /// daily bill brings the refund.
    pub(super) async fn refund_notified_without_key(&self, body: &[u8]) -> NotificationOutcome {
        let outer = xml::parse(body).unwrap_or_default();
        let merchant = ["sub_mch_id", "mch_id"].into_iter().find_map(|name| outer.get(name));
        if outer.get("req_info").is_none() || merchant != Some(self.accounts.official().mch_id()) {
            return refused(&"it is neither signed nor a refund of this merchant");
        }
        let day = BillDate::of(self.clock.now_ms().div_euclid(1000)).to_string();
        let detail =
            "WECHAT_API_V2_KEY is not set: a refund that was made in the merchant platform cannot be read";
        self.record_unusable(
            DiscrepancyKind::RefundNotificationWithoutKey,
            day,
            detail.to_owned(),
            body.to_vec(),
        )
        .await
    }

    /// Handles a V2 refund notification. It is not signed, so the shop queries WeChat and books the answer.
    pub(super) async fn refund_notified_v2(&self, key: &Secret, body: &[u8]) -> NotificationOutcome {
        let hint = match UntrustedRefund::parse(body, key) {
            Ok(hint) => hint,
            Err(error) => return refused(&error),
        };
        let attempt = match self.attempt_of(&hint.out_trade_no).await {
            Ok(attempt) => attempt,
            Err(outcome) => return outcome,
        };
        // the API version of the attempt; for an unknown attempt the configured version
        let gateway = match &attempt {
            Some(attempt) => self.accounts.gateway_of(attempt).ok(),
            None => self.accounts.official().gateway(self.settings.pay_api),
        };
        let Some(gateway) = gateway else { return refused(&ShopError::UnknownMerchant) };
        match gateway.query_refund(&hint.out_refund_no).await {
            Ok(reported) => self.settle_reported_refund(reported, None).await,
            Err(error) if error.is_refund_not_exist() => refused(&error),
            Err(error) => {
                tracing::warn!(%error, "a query about a refund failed: WeChat will send the notification again");
                NotificationOutcome::Busy
            }
        }
    }

    pub(super) async fn refund_notified_v3(
        &self,
        notification: RefundNotification,
        payload: Vec<u8>,
    ) -> NotificationOutcome {
        let reported = RefundResult { payload, ..RefundResult::from(notification.refund) };
        let merchant = notification.sub_mchid.as_ref().unwrap_or(&notification.mchid);
        self.settle_reported_refund(reported, Some(merchant)).await
    }

    /// Books a refund that WeChat has reported, after a check of the merchant number.
    async fn settle_reported_refund(
        &self,
        reported: RefundResult,
        mch_id: Option<&str>,
    ) -> NotificationOutcome {
        let Ok(out_refund_no) = reported.out_refund_no.parse() else {
            return refused(&"WeChat names no refund");
        };
        let attempt = match self.attempt_of(&reported.out_trade_no).await {
            Ok(Some(attempt)) => attempt,
            Ok(None) => {
                let detail = format!("{}, {} fen", reported.out_refund_no, reported.refund_fee);
                let (subject, payload) = (reported.out_trade_no, reported.payload);
                return self
                    .record_unusable(DiscrepancyKind::RefundOfUnknownOrder, subject, detail, payload)
                    .await;
            }
            Err(outcome) => return outcome,
        };
        if let Some(mch_id) = mch_id.filter(|id| *id != attempt.mch_id) {
            let detail = format!("expected {}, got {mch_id}", attempt.mch_id);
            return self
                .record_unusable(DiscrepancyKind::OtherMchId, reported.out_trade_no, detail, reported.payload)
                .await;
        }
        let settle = SettleRefund {
            order_id: attempt.order_id,
            out_trade_no: attempt.out_trade_no,
            out_refund_no,
            reported,
            source: EventSource::Notification,
            now_ms: self.clock.now_ms(),
        };
        match self.store.try_write(settle).await {
            Err(QueueFull) => NotificationOutcome::Busy,
            Ok(Err(error)) => failed(&error),
            Ok(Ok(RefundSettled::Settled(_))) => NotificationOutcome::Acknowledged,
            Ok(Ok(RefundSettled::Discrepancy(kind))) => NotificationOutcome::Discrepancy(kind),
        }
    }

    async fn attempt_of(&self, out_trade_no: &str) -> Result<Option<AttemptRecord>, NotificationOutcome> {
        match number(out_trade_no) {
            Ok(number) => self.store.attempt(&number).await.map_err(|error| failed(&error)),
            Err(_) => Ok(None),
        }
    }
}
