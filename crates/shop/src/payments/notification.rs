//! What WeChat reports by itself: payments and refunds, in both generations. Which one a body is, is seen from it.

use model::OutTradeNo;
use wechat::pay::{
    v2::notification::NotificationError,
    v3::{SignatureHeaders, VerificationError},
};

use super::settle::{Settle, Settled};
use crate::{
    Shop, StoreError,
    differences::Keep,
    store::{Full, rows::DifferenceRow},
};

/// What became of a notification, and so how it is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notified {
    /// On disk, or known already: WeChat need not repeat it.
    Acknowledged,
    /// Not genuine or not readable: nothing was changed.
    Refused(String),
    /// Genuine, but it does not fit the books: kept, not acknowledged.
    Different(&'static str),
    /// Too many are waiting, or WeChat could not be asked: it will repeat it.
    Busy,
    /// The database failed: WeChat will repeat it.
    Failed,
}

/// The generation of WeChat Pay that a notification belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generation {
    /// XML.
    V2,
    /// JSON.
    V3,
}

impl Generation {
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
    ) -> Notified {
        match (Generation::of(body), signature) {
            (Generation::V2, _) => self.notified_v2(body).await,
            (Generation::V3, Ok(signature)) => self.notified_v3(&signature, body).await,
            (Generation::V3, Err(error)) => refused(&error),
        }
    }

    /// Settles a verified payment.
    pub(super) async fn settle(&self, settle: Settle) -> Notified {
        let number = settle.number().to_owned();
        settle.payment.log_missing_fields(&number);
        match self.store().writer.try_write(settle).await {
            Err(Full) => Notified::Busy,
            Ok(Err(error)) => failed(&error),
            Ok(Ok(Settled::Paid | Settled::Known)) => {
                tracing::info!(out_trade_no = number, "payment notification");
                Notified::Acknowledged
            }
            Ok(Ok(Settled::Forged)) => refused(&NotificationError::Signature),
            Ok(Ok(Settled::Surplus(kind))) => {
                tracing::error!(
                    alert = kind,
                    out_trade_no = number,
                    "a payment that the order does not need"
                );
                Notified::Acknowledged
            }
            Ok(Ok(Settled::Different(kind))) => {
                tracing::error!(
                    alert = kind,
                    out_trade_no = number,
                    "a genuine notification does not fit the books"
                );
                Notified::Different(kind)
            }
        }
    }

    /// Genuine, but nothing that the books have a place for: kept with its payload for a person.
    pub(super) async fn keep_different(
        &self,
        kind: &'static str,
        subject: String,
        detail: String,
        payload: Vec<u8>,
    ) -> Notified {
        tracing::error!(alert = kind, subject, detail, "a genuine notification cannot be used");
        let keep = Keep(vec![DifferenceRow {
            id: format!("{kind}:{subject}:{detail}"),
            kind,
            out_trade_no: subject,
            at_ms: self.clock().now_ms(),
            detail,
            payload,
            resolution: String::new(),
        }]);
        match self.store().writer.write(keep).await {
            Ok(()) => Notified::Different(kind),
            Err(error) => failed(&error),
        }
    }
}

/// The number, as far as it is one.
pub(super) fn number(text: &str) -> Result<OutTradeNo, String> {
    text.parse().map_err(|_| text.to_owned())
}

pub(super) fn refused(error: &impl ToString) -> Notified {
    let reason = error.to_string();
    tracing::warn!(reason, "a notification is refused");
    Notified::Refused(reason)
}

pub(super) fn failed(error: &StoreError) -> Notified {
    tracing::error!(%error, "a notification was not written: it is not acknowledged");
    Notified::Failed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generation_is_seen_from_the_body() {
        assert_eq!(Generation::of(b"<xml></xml>"), Generation::V2);
        assert_eq!(Generation::of(b" \n{\"id\":\"1\"}"), Generation::V3);
        assert_eq!(Generation::of(b""), Generation::V2);
        assert_eq!(Generation::of("\u{feff}<xml/>".as_bytes()), Generation::V2);
    }
}
