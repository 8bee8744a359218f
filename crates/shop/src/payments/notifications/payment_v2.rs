use model::{
    OutTradeNo, discrepancy::DiscrepancyKind, event::EventSource, payment::PayApi, record::AttemptRecord,
};
use wechat::{
    Secret,
    pay::v2::notification::{Notification, NotificationError, PaymentNotification, Unverified},
    wire::sign::SignType,
};

use super::{super::settle_payment::SettlePayment, NotificationOutcome, failed, number, refused};
use crate::{
    Payments, ShopError,
    gateway::{PaymentResult, from_wire, to_wire},
};

impl Payments {
    pub(super) async fn notified_v2(&self, body: &[u8]) -> NotificationOutcome {
        let key = self.accounts.official().v2().map(|client| client.merchant().key());
        let unverified = match Notification::parse(body) {
            Ok(unverified) => unverified,
            // a refund notification has no signature, because it is encrypted
            Err(NotificationError::Incomplete("sign")) => {
                return match key {
                    Some(key) => self.refund_notified_v2(key, body).await,
                    None => self.refund_notified_without_key(body).await,
                };
            }
            Err(error) => return refused(&error),
        };
        let Some(key) = key else { return refused(&ShopError::UnknownMerchant) };
        let out_trade_no = number(unverified.out_trade_no());
        match unverified.verify_either(key) {
            Ok((PaymentNotification { appid, mch_id, sub_mch_id, payment, .. }, sign_type)) => {
                let settle = SettlePayment {
                    is_miniprogram: self.accounts.is_miniprogram(&appid),
                    out_trade_no,
                    sign_type: Some(from_wire(sign_type)),
                    appid,
                    mch_id: sub_mch_id.unwrap_or(mch_id),
                    payment: PaymentResult::from(payment),
                    source: EventSource::Notification,
                    payload: body.to_vec(),
                    now_ms: self.clock.now_ms(),
                };
                self.settle(settle).await
            }
            Err(error) if error.is_verified() => self.unusable_v2(key, body, out_trade_no).await,
            Err(error) => refused(&error),
        }
    }

    /// Handles a signed notification without a payment. It becomes a discrepancy if it has the sign type of its
    /// attempt.
    async fn unusable_v2(
        &self,
        key: &Secret,
        body: &[u8],
        out_trade_no: Result<OutTradeNo, String>,
    ) -> NotificationOutcome {
        let attempt = match &out_trade_no {
            Ok(number) => match self.store.attempt(number).await {
                Ok(attempt) => attempt,
                Err(error) => return failed(&error),
            },
            Err(_) => None,
        };
        let verified = Notification::parse(body).and_then(|unverified| match attempt {
            Some(AttemptRecord { api: PayApi::V2(sign_type), .. }) => {
                unverified.verify(key, to_wire(sign_type))
            }
            // WeChat never reports a V3 payment in XML
            Some(AttemptRecord { api: PayApi::V3, .. }) => Err(NotificationError::Signature),
            None => verify_unknown(unverified, key),
        });
        match verified {
            Err(error) if error.is_verified() => {
                let number = out_trade_no.map_or_else(|text| text, |number| number.to_string());
                self.record_unusable(
                    DiscrepancyKind::UnusableNotification,
                    number,
                    error.to_string(),
                    body.to_vec(),
                )
                .await
            }
            Err(error) => refused(&error),
            Ok(_) => refused(&NotificationError::Signature),
        }
    }
}

/// Verifies a notification of an unknown attempt: with the sign type that the notification names, otherwise MD5.
fn verify_unknown(unverified: Unverified, key: &Secret) -> Result<PaymentNotification, NotificationError> {
    let claimed = unverified.claimed_sign_type().and_then(|word| word.parse::<SignType>().ok());
    unverified.verify(key, claimed.unwrap_or_default())
}
