use model::OutTradeNo;
use wechat::{
    Secret,
    pay::v2::notification::{Notification, NotificationError, PaymentNotification, Unverified},
    wire::sign::SignType,
};

use super::settle::{Settle, Settled};
use crate::{
    Shop,
    store::{Books, Command, Full, Needs, rows::DifferenceRow},
};

/// What became of a payment notification, and so how it is answered.
#[derive(Debug)]
pub enum Notified {
    /// On disk, or known already: WeChat need not repeat it.
    Acknowledged,
    /// Not genuine or not readable: nothing was changed.
    Refused(NotificationError),
    /// Genuine, but it does not fit the books: kept, not acknowledged.
    Different(&'static str),
    /// Too many are waiting: WeChat will repeat it.
    Busy,
    /// The database failed: WeChat will repeat it.
    Failed,
}

impl Shop {
    /// Takes a V2 payment notification: parsed within bounds, verified with the sign type of the attempt that it
    /// names, compared, committed to disk.
    pub async fn notified(&self, body: &[u8]) -> Notified {
        let unverified = match Notification::parse(body) {
            Ok(unverified) => unverified,
            Err(error) => return refused(error),
        };
        let out_trade_no =
            unverified.out_trade_no().parse::<OutTradeNo>().map_err(|_| unverified.out_trade_no().to_owned());
        let attempt = match &out_trade_no {
            Ok(number) => match self.store().attempt(number).await {
                Ok(attempt) => attempt,
                Err(error) => return failed(&error),
            },
            Err(_) => None,
        };
        let key = self.merchant().key();
        let verified = match &attempt {
            Some(attempt) => unverified.verify(key, attempt.sign_type),
            None => verify_unknown(unverified, key),
        };
        let notification = match verified {
            Ok(notification) => notification,
            Err(error) if error.is_verified() => {
                let number = out_trade_no.map_or_else(|text| text, |number| number.to_string());
                return self.keep_unusable(number, &error, body).await;
            }
            Err(error) => return refused(error),
        };
        let settle = Settle {
            out_trade_no,
            appid: notification.appid,
            mch_id: notification.mch_id,
            payment: notification.payment,
            source: "notification",
            payload: body.to_vec(),
            now_ms: self.clock().now_ms(),
        };
        let number = notification.out_trade_no;
        match self.store().writer.try_write(settle).await {
            Err(Full) => Notified::Busy,
            Ok(Err(error)) => failed(&error),
            Ok(Ok(Settled::Paid | Settled::Known)) => {
                tracing::info!(out_trade_no = number, "payment notification");
                Notified::Acknowledged
            }
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
}

impl Shop {
    /// Genuine, but not a payment that can be read: kept with its payload for a person.
    async fn keep_unusable(&self, out_trade_no: String, error: &NotificationError, body: &[u8]) -> Notified {
        let kind = "unusable_notification";
        tracing::error!(alert = kind, out_trade_no, %error, "a genuine notification cannot be used");
        let keep = Keep(DifferenceRow {
            id: format!("{kind}:{out_trade_no}:{error}"),
            kind,
            out_trade_no,
            at_ms: self.clock().now_ms(),
            detail: error.to_string(),
            payload: body.to_vec(),
        });
        match self.store().writer.write(keep).await {
            Ok(()) => Notified::Different(kind),
            Err(error) => failed(&error),
        }
    }
}

/// Keeps a difference that needs no look at the books.
struct Keep(DifferenceRow);

impl Command for Keep {
    type Reply = ();

    fn needs(&self, _: &mut Needs) {}

    fn apply(&self, books: &mut Books) {
        books.differ(self.0.clone());
    }
}

/// An order that is not on the books has no sign type of its own: the claimed one, else each.
fn verify_unknown(unverified: Unverified, key: &Secret) -> Result<PaymentNotification, NotificationError> {
    let claimed = unverified.claimed_sign_type().and_then(|word| word.parse::<SignType>().ok());
    unverified.verify(key, claimed.unwrap_or_default())
}

fn refused(error: NotificationError) -> Notified {
    tracing::warn!(%error, "a notification is refused");
    Notified::Refused(error)
}

fn failed(error: &crate::StoreError) -> Notified {
    tracing::error!(%error, "a notification was not written: it is not acknowledged");
    Notified::Failed
}
