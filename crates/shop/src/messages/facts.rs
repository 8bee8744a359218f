//! Reads what a message shows, at the time when it is sent.

use model::{
    AfterSaleId, Fen, OpenId,
    after_sale::AfterSaleState,
    message::{DropReason, MessageChannel, MessageSubject},
    record::{ItemRecord, MessageRecord, OrderRecord},
};

use super::{Messages, content::Content};
use crate::{ShopError, clock::DAY_MS, orders::goods_in_words};

/// What a message shows, or why the shop does not send it.
pub(super) type Facts = Result<Content, DropReason>;

impl Messages {
    /// Reads what a message shows.
    pub(super) async fn facts(&self, message: &MessageRecord) -> Result<Facts, ShopError> {
        let Some(id) = &message.order_id else { return Ok(Err(DropReason::Gone)) };
        let Some(order) = self.store.order(id).await? else { return Ok(Err(DropReason::Gone)) };
        let items = self.store.items(id).await?;
        let now_ms = self.clock.now_ms();
        let mut content = about_order(&order, &items, &self.settings.name);
        match message.subject {
            MessageSubject::Paid | MessageSubject::Discrepancy | MessageSubject::Complaint => {
                content.time_ms = order.paid_ms.unwrap_or(message.created_ms);
            }
            MessageSubject::Expiring => {
                if !order.state.is_payable() || now_ms >= order.expires_ms {
                    return Ok(Err(DropReason::OrderEnded));
                }
                content.time_ms = order.expires_ms;
            }
            MessageSubject::Shipped => {
                // `about` is the order's id, a full stop, and the position of the parcel
                let position = message.about.rsplit_once('.').and_then(|(_, position)| position.parse().ok());
                let parcels =
                    self.store.shipment(id).await?.map(|shipment| shipment.parcels).unwrap_or_default();
                let parcel = parcels.into_iter().find(|parcel| Some(parcel.position) == position);
                let Some(parcel) = parcel else { return Ok(Err(DropReason::Gone)) };
                content.time_ms = parcel.shipped_ms;
                content.carrier = parcel.carrier;
                content.tracking = parcel.tracking_no;
            }
            MessageSubject::Refunded => {
                let number = message.about.parse().ok();
                let refund = match &number {
                    Some(number) => self.store.refund(number).await?,
                    None => None,
                };
                let Some(refund) = refund else { return Ok(Err(DropReason::Gone)) };
                content.time_ms = refund.changed_ms;
                content.amount =
                    refund.payer_refund.map_or(refund.refund_fee, |cash| Fen(cash.0 + refund.balance_fee.0));
                content.reason = refund.reason;
            }
            MessageSubject::ReturnAgreed | MessageSubject::RefundDeclined | MessageSubject::RefundWanted => {
                let after_sale = match after_sale_of(&message.about) {
                    Some(id) => self.store.after_sale(&id).await?,
                    None => None,
                };
                let Some(after_sale) = after_sale else { return Ok(Err(DropReason::Gone)) };
                content.amount = after_sale.fee;
                content.time_ms = after_sale.answered_ms.unwrap_or(after_sale.asked_ms);
                match message.subject {
                    MessageSubject::RefundWanted => content.reason = after_sale.reason,
                    MessageSubject::ReturnAgreed => {
                        if after_sale.state != AfterSaleState::Returning {
                            return Ok(Err(DropReason::Gone));
                        }
                        content.reason = after_sale.answer;
                        content.time_ms = after_sale.due_ms.unwrap_or(content.time_ms);
                    }
                    _ => content.reason = after_sale.answer,
                }
            }
        }
        Ok(Ok(content))
    }

    /// The channel of the account that knows the recipient: from the recipient's login, otherwise from the attempts of
    /// the order, otherwise the official account, because its pages place such orders.
    pub(super) async fn channel_of(&self, message: &MessageRecord) -> Result<MessageChannel, ShopError> {
        let (Some(id), Ok(openid)) = (&message.order_id, message.recipient.parse::<OpenId>()) else {
            return Ok(message.channel);
        };
        if let Some(known) = self.store.known_openid(&openid).await? {
            return Ok(self.plan.channel_from(&known.appid).unwrap_or(message.channel));
        }
        let attempts = self.store.attempts_of(id).await?;
        Ok(self.plan.channel_to(&openid, &attempts).unwrap_or(MessageChannel::Official))
    }
}

/// How long a message may wait, ms. A reminder of the time to pay has its own limit.
pub(super) const TOO_LATE_MS: i64 = DAY_MS;

/// Whether a message has waited too long. A reminder is written long before its time, so it is not too late.
pub(super) fn is_too_late(message: &MessageRecord, now_ms: i64) -> bool {
    message.subject != MessageSubject::Expiring && now_ms - message.created_ms > TOO_LATE_MS
}

/// The after-sale that a message is about. In `about` a full stop and a step can follow the id.
pub(super) fn after_sale_of(about: &str) -> Option<AfterSaleId> {
    about.split('.').next()?.parse().ok()
}

fn about_order(order: &OrderRecord, items: &[ItemRecord], shop: &str) -> Content {
    Content {
        order: order.id.to_string(),
        goods: goods_in_words(order.kind, items),
        amount: order.total_fee,
        time_ms: order.created_ms,
        shop: shop.to_owned(),
        carrier: String::new(),
        tracking: String::new(),
        reason: String::new(),
    }
}
