//! What WeChat reports by itself: payments and refunds, in both generations. Which one a body is, is seen from it.

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

use super::settle_payment::{Settle, Settled};
use crate::{Shop, reconciliation::RecordDiscrepancies};

/// What became of a notification, and so how it is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotificationOutcome {
    /// On disk, or known already: WeChat need not repeat it.
    Acknowledged,
    /// Not genuine or not readable: nothing was changed.
    Refused(String),
    /// Genuine, but it does not fit the books: kept, not acknowledged.
    Discrepancy(DiscrepancyKind),
    /// Too many are waiting, or WeChat could not be asked: it will repeat it.
    Busy,
    /// The database failed: WeChat will repeat it.
    Failed,
}

/// The generation of WeChat Pay that a notification belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiVersion {
    /// XML.
    V2,
    /// JSON.
    V3,
}

impl ApiVersion {
    /// Seen from the body alone: JSON begins with a brace, and everything else is left to the XML parser to refuse.
    #[must_use]
    pub fn of(body: &[u8]) -> Self {
        let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
        if first == Some(&b'{') { Self::V3 } else { Self::V2 }
    }
}

impl Shop {
    /// Takes a notification: parsed within bounds, verified, compared with the books, committed to disk.
    ///
    /// `signature` is what the headers say; only a V3 notification has them.
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

    /// Settles a verified payment.
    pub(super) async fn settle(&self, settle: Settle) -> NotificationOutcome {
        let number = settle.number().to_owned();
        settle.payment.log_missing_fields(&number);
        match self.store().try_write(settle).await {
            Err(QueueFull) => NotificationOutcome::Busy,
            Ok(Err(error)) => failed(&error),
            Ok(Ok(Settled::Paid | Settled::AlreadyPaid)) => {
                tracing::info!(out_trade_no = number, "payment notification");
                NotificationOutcome::Acknowledged
            }
            Ok(Ok(Settled::NotGenuine)) => refused(&NotificationError::Signature),
            Ok(Ok(Settled::Surplus(kind))) => {
                tracing::error!(
                    alert = kind.as_str(),
                    out_trade_no = number,
                    "a payment that the order does not need"
                );
                NotificationOutcome::Acknowledged
            }
            Ok(Ok(Settled::Discrepancy(kind))) => {
                tracing::error!(
                    alert = kind.as_str(),
                    out_trade_no = number,
                    "a genuine notification does not fit the books"
                );
                NotificationOutcome::Discrepancy(kind)
            }
        }
    }

    /// Genuine, but nothing that the books have a place for: kept with its payload for a person.
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
            at_ms: self.clock().now_ms(),
            detail,
            payload,
            resolution: String::new(),
        }]);
        match self.store().write(keep).await {
            Ok(()) => NotificationOutcome::Discrepancy(kind),
            Err(error) => failed(&error),
        }
    }
}

/// The number, as far as it is one.
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
    fn the_generation_is_seen_from_the_body() {
        assert_eq!(ApiVersion::of(b"<xml></xml>"), ApiVersion::V2);
        assert_eq!(ApiVersion::of(b" \n{\"id\":\"1\"}"), ApiVersion::V3);
        assert_eq!(ApiVersion::of(b""), ApiVersion::V2);
        assert_eq!(ApiVersion::of("\u{feff}<xml/>".as_bytes()), ApiVersion::V2);
    }
}
