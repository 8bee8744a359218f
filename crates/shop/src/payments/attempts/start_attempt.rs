//! Starts a payment attempt: the shop stores it before it calls WeChat.

use std::net::IpAddr;

use model::{
    Fen, OrderId, OutTradeNo, Shopper, Sku,
    event::{EventKind, EventSource},
    job::JobKind,
    message::MessageSubject,
    order::{OrderEvent, OrderKind, OrderState, Refusal},
    payment::{AttemptState, PayApi},
    record::{AttemptRecord, ItemRecord, OrderRecord},
};
use store::{Command, EventEntry, NewMessage, ReadSet, UnitOfWork, Unpaid};

use super::close_attempt::CLOSE_AFTER_MS;
use crate::{
    HoldLimits, MerchantAccount, ShopError,
    gateway::{Gateway, NewAttempt, PaymentMethod},
    orders::{check_stock, first_and_pieces},
};

/// The minimum lifetime of an attempt, ms. WeChat refuses a `time_expire` less than five minutes ahead (V2, 统一下单); one
/// minute is reserve. So a late attempt may end after the time to pay of its order; the order's `expire` job closes it.
const MIN_ATTEMPT_MS: i64 = 6 * 60 * 1000;

/// The maximum number of attempts of one order, against abuse.
const MAX_ATTEMPTS: usize = 20;

/// Returns the open attempt of the same payer, account and payment method, or creates one. Or says what the caller must
/// do first.
pub(super) struct StartAttempt {
    pub(super) order_id: OrderId,
    /// The shopper of the order when the request read it. A login may have merged the shopper into another one since.
    pub(super) owner: Shopper,
    /// The payment method, with the payer.
    pub(super) method: PaymentMethod,
    /// Whether an open attempt of another payer, account or method may stay open, because WeChat refuses to close it
    /// yet.
    pub(super) allow_second_open: bool,
    pub(super) account: MerchantAccount,
    /// The API version and the sign type of a new attempt.
    pub(super) api: PayApi,
    pub(super) gateway: Gateway,
    pub(super) notify_url: String,
    pub(super) shop_url: String,
    pub(super) shop_name: String,
    pub(super) ip: IpAddr,
    pub(super) nonce: String,
    pub(super) first_query_ms: i64,
    pub(super) now_ms: i64,
    /// The limits of stock that unpaid orders hold.
    pub(super) holds: HoldLimits,
    /// The SKUs of the order and the IP address that placed it, if the order must take its stock again.
    pub(super) hold_again: Option<(Vec<Sku>, String)>,
}

/// The result of [`StartAttempt`].
pub(super) enum Started {
    /// The open attempt: a known or a new one.
    Attempt(AttemptRecord),
    /// The order has an open attempt of another account, payer or method. The caller has to close it first.
    OtherIsOpen(AttemptRecord),
    /// The order has returned its stock. The caller has to run the command again with [`StartAttempt::hold_again`].
    StockReleased,
}

impl Command for StartAttempt {
    type Reply = Result<Started, ShopError>;

    fn reads(&self, reads: &mut ReadSet) {
        reads.order(&self.order_id);
        if let Some((skus, placed_from)) = &self.hold_again {
            skus.iter().for_each(|sku| reads.sku(sku));
            reads.holds(&self.owner, placed_from);
        }
    }

    fn apply(&self, unit: &mut UnitOfWork) -> Self::Reply {
        let order = unit.order(&self.order_id).cloned().ok_or(ShopError::NotFound)?;
        let attempts = unit.attempts_of(&self.order_id);
        let mut left_open = Vec::new();
        if order.state.is_payable() {
            let open = attempts.iter().filter(|attempt| attempt.state == AttemptState::Open);
            let usable = |attempt: &&&AttemptRecord| {
                self.has_same_payer_and_method(attempt) && attempt.expires_ms > self.now_ms
            };
            if let Some(same) = open.clone().find(usable) {
                return Ok(Started::Attempt((*same).clone()));
            }
            if order.expires_ms <= self.now_ms {
                return Err(ShopError::OrderClosed);
            }
            if attempts.len() >= MAX_ATTEMPTS {
                return Err(ShopError::TooOften);
            }
            if let Some(other) = open.clone().next().filter(|_| !self.allow_second_open) {
                return Ok(Started::OtherIsOpen((*other).clone()));
            }
            left_open.extend(open.map(|attempt| (attempt.out_trade_no.clone(), attempt.created_ms)));
        }
        let holds_again =
            order.kind == OrderKind::Goods && order.state == OrderState::Created && order.held == 0;
        if holds_again {
            // the stock and the limits were not read, or not for this shopper
            if self.hold_again.is_none() || order.shopper != self.owner {
                return Ok(Started::StockReleased);
            }
            self.check_stock_and_limits(unit, &order)?;
        }
        let seq = attempts.last().map_or(1, |last| last.seq + 1);
        let out_trade_no: OutTradeNo = format!("{}{seq:02}", order.id)
            .parse()
            .map_err(|_| ShopError::BadRequest("too many attempts for one order"))?;
        let note = EventEntry {
            at_ms: self.now_ms,
            source: EventSource::Shopper,
            kind: EventKind::AttemptStarted,
            out_trade_no: Some(&out_trade_no),
            detail: format!("{} {} {}", self.api.as_str(), self.method.trade_type(), self.api.sign_type()),
        };
        match unit.apply_event(&order.id, OrderEvent::AttemptStarted, note) {
            Ok(_) => {}
            Err(Refusal::AlreadyInState) => unit.record_event(
                &order.id,
                EventEntry {
                    at_ms: self.now_ms,
                    source: EventSource::Shopper,
                    kind: EventKind::AttemptStarted,
                    out_trade_no: Some(&out_trade_no),
                    detail: format!("{}, after an earlier attempt", self.method.trade_type()),
                },
            ),
            Err(Refusal::AlreadyPaid) => return Err(ShopError::AlreadyPaid),
            Err(_) => return Err(ShopError::OrderClosed),
        }
        if holds_again {
            self.hold_stock_again(unit);
        }
        let (order_id, order_ends_ms, total_fee) = (order.id.clone(), order.expires_ms, order.wechat_fee());
        let expires_ms = order_ends_ms.max(self.now_ms + MIN_ATTEMPT_MS);
        let request = self.request(&order, unit.items_of(&order.id), &out_trade_no, expires_ms);
        let attempt = AttemptRecord {
            out_trade_no,
            order_id: order.id,
            seq,
            state: AttemptState::Open,
            api: self.api,
            trade_type: self.method.trade_type(),
            appid: self.account.appid().to_owned(),
            mch_id: self.account.mch_id().to_owned(),
            openid: self.method.payer().cloned(),
            total_fee,
            balance_fee: Fen::ZERO,
            created_ms: self.now_ms,
            expires_ms,
            prepay_id: None,
            pay_url: None,
            prepay_ms: None,
            transaction_id: None,
            paid_ms: None,
            payer_total: None,
            settlement_total: None,
            refunded: Fen::ZERO,
            refunding: Fen::ZERO,
            refunds_unknown: false,
        };
        unit.enqueue(JobKind::Query, &attempt.out_trade_no, self.first_query_ms);
        for (number, created_ms) in left_open {
            unit.enqueue(JobKind::Close, &number, created_ms + CLOSE_AFTER_MS);
        }
        unit.add_attempt(attempt.clone(), request);
        self.remind(unit, &order_id, order_ends_ms);
        Ok(Started::Attempt(attempt))
    }
}

impl StartAttempt {
    /// Checks that an order may take its pieces from the stock again.
    ///
    /// # Errors
    /// As [`check_stock`] and [`HoldLimits::check`].
    fn check_stock_and_limits(&self, unit: &UnitOfWork, order: &OrderRecord) -> Result<(), ShopError> {
        let items = unit.items_of(&order.id);
        check_stock(unit, items, self.now_ms)?;
        let pieces = items.iter().map(|item| item.quantity.get()).sum();
        // the count of orders includes this order already
        self.holds.check(unit, &order.shopper, &order.placed_from, Unpaid { orders: 0, pieces })
    }

    /// Writes the reminder before the end of the time to pay. Its job drops it if the order is paid or closed by then.
    fn remind(&self, unit: &mut UnitOfWork, order_id: &OrderId, ends_ms: i64) {
        let due_ms = ends_ms - unit.remind_before_ms();
        if self.now_ms < due_ms {
            unit.tell(&NewMessage {
                subject: MessageSubject::Expiring,
                order_id,
                about: order_id.as_str(),
                payment: None,
                now_ms: self.now_ms,
                due_ms,
            });
        }
    }

    fn hold_stock_again(&self, unit: &mut UnitOfWork) {
        let items = unit.items_of(&self.order_id).to_vec();
        let mut pieces = 0;
        for item in &items {
            pieces += item.quantity.get();
            unit.move_stock(&item.sku, -item.quantity.get());
        }
        let Some(order) = unit.update_order(&self.order_id) else { return };
        order.held = pieces;
        let placed_from = order.placed_from.clone();
        unit.count_unpaid(&self.owner, &placed_from, Unpaid { orders: 0, pieces });
        let note = EventEntry {
            at_ms: self.now_ms,
            source: EventSource::Shopper,
            kind: EventKind::StockHeldAgain,
            out_trade_no: None,
            detail: format!("{pieces} pieces"),
        };
        unit.record_event(&self.order_id, note);
    }

    fn has_same_payer_and_method(&self, attempt: &AttemptRecord) -> bool {
        attempt.appid == self.account.appid()
            && attempt.trade_type == self.method.trade_type()
            && attempt.openid.as_ref() == self.method.payer()
    }

    fn request(
        &self,
        order: &OrderRecord,
        items: &[ItemRecord],
        out_trade_no: &OutTradeNo,
        expires_ms: i64,
    ) -> String {
        self.gateway.prepay_request(&NewAttempt {
            body: body(&self.shop_name, order.kind, items),
            out_trade_no: out_trade_no.as_str(),
            total_fee: order.wechat_fee().0,
            ip: self.ip.to_string(),
            notify_url: &self.notify_url,
            method: &self.method,
            shop_url: &self.shop_url,
            shop_name: &self.shop_name,
            start_s: self.now_ms.div_euclid(1000),
            expire_s: expires_ms.div_euclid(1000),
            nonce: &self.nonce,
        })
    }
}

/// The maximum length of `body`, bytes. WeChat accepts 128 (V2, 统一下单); V3 counts characters.
const MAX_BODY_BYTES: usize = 120;

/// The text that WeChat shows with the amount.
fn body(shop_name: &str, kind: OrderKind, items: &[ItemRecord]) -> String {
    let (first, tail) = first_and_pieces(kind, items);
    let room = MAX_BODY_BYTES.saturating_sub(tail.len());
    let mut text = format!("{shop_name}-{first}");
    while text.len() > room {
        text.pop();
    }
    text + &tail
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_fits_the_limit_and_splits_no_character() {
        let text = body(&"很长的店名".repeat(20), OrderKind::Goods, &[]);
        assert!(text.len() <= 128);
        assert!(text.starts_with("很长的店名"));
    }
}
