use wechat::pay::{
    v2::TradeState,
    v3::{
        SignatureHeaders, Transaction,
        notification::{self, Event, Notification},
    },
};

use super::{
    Notified, Paid,
    notification::{number, refused},
    settle::Settle,
};
use crate::{Shop, ShopError};

impl Shop {
    pub(super) async fn notified_v3(&self, signature: &SignatureHeaders, body: &[u8]) -> Notified {
        let Some(client) = self.account().v3() else { return refused(&ShopError::UnknownMerchant) };
        match client.notification(signature, body).await {
            Ok(notification) => self.take_v3(notification).await,
            Err(error) if error.is_probe() => {
                // WeChat looks whether signatures are checked: no reason to wake anybody
                tracing::info!("a signature probe is refused");
                Notified::Refused(error.to_string())
            }
            Err(error) if error.is_verified() => {
                let subject = notification::id_or_hash(body);
                self.keep_different("unusable_notification", subject, error.to_string(), body.to_vec()).await
            }
            Err(error) => refused(&error),
        }
    }

    async fn take_v3(&self, notification: Notification) -> Notified {
        let payload = notification.plaintext().as_bytes().to_vec();
        match notification.event {
            Event::Transaction(transaction) => self.settle_v3(*transaction, payload).await,
            Event::Refund(refund) => self.refund_notified_v3(*refund, payload).await,
            // this shop places no combined orders
            Event::CombineTransaction(combined) => {
                let subject = combined.combine_out_trade_no;
                self.keep_different("unknown_order", subject, notification.event_type, payload).await
            }
            _ => {
                self.keep_different("unknown_event", notification.id, notification.event_type, payload).await
            }
        }
    }

    async fn settle_v3(&self, transaction: Transaction, payload: Vec<u8>) -> Notified {
        let Some(payment) = Paid::of_transaction(&transaction) else {
            if let TradeState::Unknown(word) = transaction.trade_state {
                // it may be money: WeChat repeats it, and the query goes on asking
                let subject = transaction.out_trade_no;
                return self.keep_different("unknown_trade_state", subject, word, payload).await;
            }
            // only payments are reported: anything else is no news
            return Notified::Acknowledged;
        };
        let settle = Settle {
            out_trade_no: number(&transaction.out_trade_no),
            sign_type: None,
            appid: transaction.appid,
            mch_id: transaction.mchid,
            payment,
            source: "notification",
            payload,
            now_ms: self.clock().now_ms(),
        };
        self.settle(settle).await
    }
}
