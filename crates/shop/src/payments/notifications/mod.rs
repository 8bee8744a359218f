//! Notifications of payments, refunds and complaints, of both API versions. The body tells the version.

mod payment_v2;
mod payment_v3;
mod refund;

use model::discrepancy::DiscrepancyKind;
use model::{OutTradeNo, record::DiscrepancyRecord};
use store::{QueueFull, StoreError};
use wechat::pay::{
    v2::notification::NotificationError,
    v3::{SignatureHeaders, VerificationError},
};

use super::settle_payment::{SettlePayment, SettledPayment};
use crate::{Payments, record_discrepancies::RecordDiscrepancies};

/// The outcome of a notification. It decides the answer to WeChat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotificationOutcome {
    /// Its content is committed, now or before. WeChat stops repeating it.
    Acknowledged,
    /// It is not genuine or not readable. Nothing was changed.
    Refused(String),
    /// It is genuine but contradicts the books. The shop stored a discrepancy and does not acknowledge it.
    Discrepancy(DiscrepancyKind),
    /// The writer's queue is full, or a query to WeChat failed. WeChat repeats the notification.
    Busy,
    /// The database failed. WeChat repeats the notification.
    Failed,
}

/// The API version of a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiVersion {
    /// XML.
    V2,
    /// JSON.
    V3,
}

impl ApiVersion {
    /// The version of a body. A body that begins with a brace is JSON; everything else goes to the XML parser, which
    /// may refuse it.
    #[must_use]
    pub fn of(body: &[u8]) -> Self {
        let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
        if first == Some(&b'{') { Self::V3 } else { Self::V2 }
    }
}

impl Payments {
    /// Handles a notification: limits its size and depth, verifies it, compares it with the books, and commits.
    ///
    /// `signature` is from the HTTP headers. Only V3 has them.
    pub async fn notified(
        &self,
        signature: Result<SignatureHeaders, VerificationError>,
        body: &[u8],
    ) -> NotificationOutcome {
        match (ApiVersion::of(body), signature) {
            (ApiVersion::V2, _) => self.notified_v2(body).await,
            (ApiVersion::V3, Ok(signature)) => self.notified_v3(&signature, body).await,
            (ApiVersion::V3, Err(error)) => refused(&error),
        }
    }

    /// Books a verified payment.
    pub(super) async fn settle(&self, settle: SettlePayment) -> NotificationOutcome {
        let number = settle.number().to_owned();
        settle.payment.log_missing_fields(&number);
        match self.store.try_write(settle).await {
            Err(QueueFull) => NotificationOutcome::Busy,
            Ok(Err(error)) => failed(&error),
            Ok(Ok(SettledPayment::Paid | SettledPayment::AlreadyPaid)) => {
                tracing::info!(out_trade_no = number, "payment notification");
                NotificationOutcome::Acknowledged
            }
            Ok(Ok(SettledPayment::Forged)) => refused(&NotificationError::Signature),
            Ok(Ok(SettledPayment::Surplus(kind))) => {
                tracing::error!(
                    alert = kind.as_str(),
                    out_trade_no = number,
                    "a payment that the order does not need"
                );
                NotificationOutcome::Acknowledged
            }
            Ok(Ok(SettledPayment::Discrepancy(kind))) => {
                tracing::error!(
                    alert = kind.as_str(),
                    out_trade_no = number,
                    "a genuine notification does not fit the books"
                );
                NotificationOutcome::Discrepancy(kind)
            }
        }
    }

    /// Stores a genuine notification that the shop cannot book as a discrepancy, with its payload.
    pub(super) async fn record_unusable(
        &self,
        kind: DiscrepancyKind,
        subject: String,
        detail: String,
        payload: Vec<u8>,
    ) -> NotificationOutcome {
        tracing::error!(alert = kind.as_str(), subject, detail, "a genuine notification cannot be used");
        let keep = RecordDiscrepancies(vec![DiscrepancyRecord {
            id: format!("{kind}:{subject}:{detail}"),
            kind,
            out_trade_no: subject,
            at_ms: self.clock.now_ms(),
            detail,
            payload,
            resolution: String::new(),
        }]);
        match self.store.write(keep).await {
            Ok(()) => NotificationOutcome::Discrepancy(kind),
            Err(error) => failed(&error),
        }
    }
}

/// Parses an `out_trade_no`. The error is the text itself.
pub(super) fn number(text: &str) -> Result<OutTradeNo, String> {
    text.parse().map_err(|_| text.to_owned())
}

pub(super) fn refused(error: &impl ToString) -> NotificationOutcome {
    let reason = error.to_string();
    tracing::warn!(reason, "a notification is refused");
    NotificationOutcome::Refused(reason)
}

pub(super) fn failed(error: &StoreError) -> NotificationOutcome {
    tracing::error!(%error, "a notification was not written: it is not acknowledged");
    NotificationOutcome::Failed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_tells_the_version() {
        assert_eq!(ApiVersion::of(b"<xml></xml>"), ApiVersion::V2);
        assert_eq!(ApiVersion::of(b" \n{\"id\":\"1\"}"), ApiVersion::V3);
        assert_eq!(ApiVersion::of(b""), ApiVersion::V2);
        assert_eq!(ApiVersion::of("\u{feff}<xml/>".as_bytes()), ApiVersion::V2);
    }
}
