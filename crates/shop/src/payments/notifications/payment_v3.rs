use model::{discrepancy::DiscrepancyKind, event::EventSource};
use store::QueueFull;
use wechat::pay::{
    v2::TradeState,
    v3::{
        SignatureHeaders, Transaction,
        notification::{self, Event, Notification},
    },
};

use super::{super::settle_payment::SettlePayment, NotificationOutcome, failed, number, refused};
use crate::{Payments, ShopError, complaints::StoreNotification, gateway::PaymentResult};

impl Payments {
    pub(super) async fn notified_v3(&self, signature: &SignatureHeaders, body: &[u8]) -> NotificationOutcome {
        let Some(client) = self.accounts.official().v3() else {
            return refused(&ShopError::UnknownMerchant);
        };
        match client.notification(signature, body).await {
            Ok(notification) => self.take_v3(notification).await,
            Err(error) if error.is_probe() => {
                // WeChat tests whether the shop checks signatures, which needs no alert
                tracing::info!("a signature probe is refused");
                NotificationOutcome::Refused(error.to_string())
            }
            Err(error) if error.is_verified() => {
                let subject = notification::id_or_hash(body);
                self.record_unusable(
                    DiscrepancyKind::UnusableNotification,
                    subject,
                    error.to_string(),
                    body.to_vec(),
                )
                .await
            }
            Err(error) => refused(&error),
        }
    }

    async fn take_v3(&self, notification: Notification) -> NotificationOutcome {
        let payload = notification.plaintext().as_bytes().to_vec();
        match notification.event {
            Event::Transaction(transaction) => self.settle_v3(*transaction, payload).await,
            Event::Complaint(complaint) => {
                let complaint_id = complaint.complaint_id;
                self.complained(complaint_id, notification.id).await
            }
            Event::Refund(refund) => self.refund_notified_v3(*refund, payload).await,
            // this shop does not use combined payments (合单支付)
            Event::CombineTransaction(combined) => {
                let subject = combined.combine_out_trade_no;
                self.record_unusable(DiscrepancyKind::UnknownOrder, subject, notification.event_type, payload)
                    .await
            }
            _ => {
                self.record_unusable(
                    DiscrepancyKind::UnknownEvent,
                    notification.id,
                    notification.event_type,
                    payload,
                )
                .await
            }
        }
    }

    /// Stores a complaint with the job that reads it.
    async fn complained(&self, complaint_id: String, notification_id: String) -> NotificationOutcome {
        let now_ms = self.clock.now_ms();
        let notification = StoreNotification { complaint_id, notification_id, now_ms };
        match self.store.try_write(notification).await {
            Err(QueueFull) => NotificationOutcome::Busy,
            Ok(Err(error)) => failed(&error),
            Ok(Ok(())) => NotificationOutcome::Acknowledged,
        }
    }

    async fn settle_v3(&self, transaction: Transaction, payload: Vec<u8>) -> NotificationOutcome {
        let Some(payment) = PaymentResult::of_transaction(&transaction) else {
            if let TradeState::Unknown(word) = transaction.trade_state {
                // it may be a payment: WeChat repeats it, and the `query` job continues
                let subject = transaction.out_trade_no;
                return self
                    .record_unusable(DiscrepancyKind::UnknownTradeState, subject, word, payload)
                    .await;
            }
            // WeChat only reports payments, so other states change nothing
            return NotificationOutcome::Acknowledged;
        };
        let settle = SettlePayment {
            is_miniprogram: self.accounts.is_miniprogram(&transaction.appid),
            out_trade_no: number(&transaction.out_trade_no),
            sign_type: None,
            appid: transaction.appid,
            mch_id: transaction.sub_merchant.map_or(transaction.mchid, |sub| sub.mch_id),
            payment,
            source: EventSource::Notification,
            payload,
            now_ms: self.clock.now_ms(),
        };
        self.settle(settle).await
    }
}
