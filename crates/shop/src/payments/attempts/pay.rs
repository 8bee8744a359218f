use std::net::IpAddr;

use model::{
    OpenId, OrderId, PaymentParameters, Shopper,
    event::{EventKind, EventSource},
    order::OrderKind,
    payment::{AttemptState, TradeType},
    record::{AttemptRecord, OrderRecord},
};
use store::{Command, EventEntry, ReadSet, UnitOfWork};

use super::{
    query_attempt::AttemptStatus,
    start_attempt::{StartAttempt, Started},
};
use crate::{
    MerchantAccount, Payments, ShopError,
    clock::ms,
    gateway::{PaymentMethod, PrepayResult},
    ids::nonce,
};

/// How long the shop uses a `prepay_id`, ms. It is valid for two hours (V2, 统一下单); the shop renews it five minutes
/// earlier.
const PREPAY_FRESH_MS: i64 = (2 * 60 - 5) * 60 * 1000;

/// How long the shop uses a `mweb_url`, ms. It is valid for five minutes (V2, 统一下单); the shop renews it a minute
/// earlier.
const MWEB_FRESH_MS: i64 = 4 * 60 * 1000;

impl Payments {
    /// Starts or continues the payment of an order inside WeChat. Returns the parameters of the payment sheet. `payer`
    /// is the payer's openid for the official account.
    ///
    /// Repeated calls use the same attempt. The shop sends the stored request until WeChat has answered it, and again
    /// when the `prepay_id` is about to expire.
    ///
    /// # Errors
    /// [`ShopError::NotFound`], [`ShopError::AddressMissing`], [`ShopError::AlreadyPaid`], [`ShopError::OrderClosed`],
    /// [`ShopError::TooOften`] for too many attempts, the errors of the stock if the order had returned it,
    /// [`ShopError::WechatBusy`], [`ShopError::WechatRefuses`], or a failing database.
    pub async fn pay(
        &self,
        shopper: &Shopper,
        payer: &OpenId,
        id: &OrderId,
        ip: IpAddr,
    ) -> Result<PaymentParameters, ShopError> {
        let order = self.orders.seen_order(shopper, id).await?;
        let method = PaymentMethod::Jsapi(payer.clone());
        let attempt = self.pay_with(self.accounts.official(), &order.shopper, method, id, ip).await?;
        self.parameters(&attempt)
    }

    /// Starts or continues an H5 payment, for a phone's browser. Returns the URL of WeChat's cashier.
    ///
    /// # Errors
    /// As [`Payments::pay`].
    pub async fn pay_h5(&self, shopper: &Shopper, id: &OrderId, ip: IpAddr) -> Result<String, ShopError> {
        self.pay_outside(shopper, PaymentMethod::H5, id, ip).await
    }

    /// Starts or continues a Native payment. Returns the text of its QR code.
    ///
    /// # Errors
    /// As [`Payments::pay`].
    pub async fn pay_native(&self, shopper: &Shopper, id: &OrderId, ip: IpAddr) -> Result<String, ShopError> {
        self.pay_outside(shopper, PaymentMethod::Native, id, ip).await
    }

    async fn pay_outside(
        &self,
        shopper: &Shopper,
        method: PaymentMethod,
        id: &OrderId,
        ip: IpAddr,
    ) -> Result<String, ShopError> {
        let order = self.orders.seen_order(shopper, id).await?;
        let attempt = self.pay_with(self.accounts.official(), &order.shopper, method, id, ip).await?;
        attempt.pay_url.ok_or(ShopError::OrderClosed)
    }

    /// Checks that an order of goods has an address, unless the shop has a place of pickup.
    async fn check_delivery(&self, id: &OrderId) -> Result<(), ShopError> {
        if self.settings.pickup.is_some() {
            return Ok(());
        }
        let delivery = self.store.delivery(id).await?;
        if delivery.is_some_and(|delivery| !delivery.address.is_empty()) {
            return Ok(());
        }
        let order = self.store.order(id).await?.ok_or(ShopError::NotFound)?;
        if order.kind == OrderKind::Goods { Err(ShopError::AddressMissing) } else { Ok(()) }
    }

    /// Starts or continues the payment of an order of `owner` with this method. Returns the attempt with WeChat's
    /// answer.
    ///
    /// It first closes an open attempt of another method, account or payer. WeChat refuses a close in the first five
    /// minutes. Then both attempts stay open, and a `close` job closes the old one later. If both are paid, the shop
    /// refunds the payment that it booked second.
    pub(crate) async fn pay_with(
        &self,
        account: &MerchantAccount,
        owner: &Shopper,
        method: PaymentMethod,
        id: &OrderId,
        ip: IpAddr,
    ) -> Result<AttemptRecord, ShopError> {
        self.check_delivery(id).await?;
        let mut allow_second_open = false;
        // a new attempt replaces a closed one; after three rounds the shop gives up
        for _ in 0..3 {
            let attempt = match self.start_attempt(account, owner, &method, allow_second_open, id, ip).await?
            {
                Started::Attempt(attempt) => attempt,
                Started::StockReleased => return Err(ShopError::Busy),
                Started::OtherIsOpen(attempt) => match self.close_attempt(&attempt).await? {
                    AttemptStatus::Closed => continue,
                    AttemptStatus::Paid => return Err(ShopError::AlreadyPaid),
                    AttemptStatus::Open | AttemptStatus::Unknown => {
                        allow_second_open = true;
                        continue;
                    }
                },
            };
            if let Some(attempt) = self.ensure_prepaid(attempt).await? {
                return Ok(attempt);
            }
        }
        Err(ShopError::OrderClosed)
    }

    /// The parameters of the payment sheet for the payer's open attempt with a valid `prepay_id`. Changes nothing.
    ///
    /// # Errors
    /// [`ShopError::NotFound`]; [`ShopError::AlreadyPaid`]; [`ShopError::OrderClosed`] also if there is no such
    /// attempt; or a failing database.
    pub async fn prepaid(
        &self,
        shopper: &Shopper,
        payer: &OpenId,
        id: &OrderId,
    ) -> Result<PaymentParameters, ShopError> {
        let order = self.orders.seen_order(shopper, id).await?;
        is_payable(&order)?;
        let attempts = self.store.attempts_of(id).await?;
        let open = attempts.iter().find(|attempt| {
            attempt.state == AttemptState::Open
                && attempt.openid.as_ref() == Some(payer)
                && self.is_fresh(attempt)
        });
        self.parameters(open.ok_or(ShopError::OrderClosed)?)
    }

    /// The text of the QR code of the order's open Native attempt. Changes nothing.
    ///
    /// # Errors
    /// As [`Payments::prepaid`].
    pub async fn native_code(&self, shopper: &Shopper, id: &OrderId) -> Result<String, ShopError> {
        let order = self.orders.seen_order(shopper, id).await?;
        is_payable(&order)?;
        let attempts = self.store.attempts_of(id).await?;
        let open = attempts.into_iter().find(|attempt| {
            attempt.state == AttemptState::Open
                && attempt.trade_type == TradeType::Native
                && self.is_fresh(attempt)
        });
        open.and_then(|attempt| attempt.pay_url).ok_or(ShopError::OrderClosed)
    }

    async fn start_attempt(
        &self,
        account: &MerchantAccount,
        owner: &Shopper,
        method: &PaymentMethod,
        allow_second_open: bool,
        id: &OrderId,
        ip: IpAddr,
    ) -> Result<Started, ShopError> {
        let now_ms = self.clock.now_ms();
        let settings = &self.settings;
        let gateway = account.gateway(settings.pay_api).ok_or(ShopError::UnknownMerchant)?;
        let start = |hold_again| StartAttempt {
            order_id: id.clone(),
            owner: owner.clone(),
            method: method.clone(),
            allow_second_open,
            account: account.clone(),
            api: settings.pay_api,
            gateway: gateway.clone(),
            notify_url: settings.notify_url(),
            shop_url: settings.public_url.clone(),
            shop_name: settings.name.clone(),
            ip,
            nonce: nonce(&*self.ids),
            first_query_ms: now_ms + settings.query_intervals.first().map_or(0, |first| ms(*first)),
            now_ms,
            holds: settings.holds,
            hold_again,
        };
        match self.store.write(start(None)).await?? {
            Started::StockReleased => {}
            started => return Ok(started),
        }
        let order = self.store.order(id).await?.ok_or(ShopError::NotFound)?;
        let skus = self.store.items(id).await?.into_iter().map(|item| item.sku).collect();
        self.store.write(start(Some((skus, order.placed_from)))).await?
    }

    /// The attempt with a valid `prepay_id` or URL: sends the stored request if necessary. `None` if WeChat has closed
    /// the attempt.
    async fn ensure_prepaid(&self, attempt: AttemptRecord) -> Result<Option<AttemptRecord>, ShopError> {
        if self.is_fresh(&attempt) {
            return Ok(Some(attempt));
        }
        // of two simultaneous taps only the first calls WeChat; the second finds its answer
        let _turn = self.prepaying.lock(attempt.out_trade_no.as_str()).await;
        let attempt = self.store.attempt(&attempt.out_trade_no).await?.ok_or(ShopError::NotFound)?;
        if self.is_fresh(&attempt) {
            return Ok(Some(attempt));
        }
        let request = self.store.request_of(&attempt.out_trade_no).await?;
        match self.accounts.gateway_of(&attempt)?.prepay(attempt.trade_type, &request).await {
            Ok(result) => {
                let now_ms = self.clock.now_ms();
                let prepaid = Prepaid { attempt, result, now_ms };
                self.store.write(prepaid).await.map(Some).map_err(ShopError::from)
            }
            Err(error) if error.is_order_paid() => {
                self.query(&attempt).await?;
                Err(ShopError::AlreadyPaid)
            }
            Err(error) if error.is_order_closed() => {
                self.confirm_closed(&attempt, EventSource::Wechat, error.to_string()).await?;
                Ok(None)
            }
            Err(error) => {
                tracing::error!(out_trade_no = %attempt.out_trade_no, %error, "WeChat did not take the order");
                Err(error.into())
            }
        }
    }

    fn is_fresh(&self, attempt: &AttemptRecord) -> bool {
        let now_ms = self.clock.now_ms();
        let age = attempt.prepay_ms.map(|at| now_ms - at);
        let fresh_ms = match attempt.trade_type {
            TradeType::H5 => MWEB_FRESH_MS,
            _ => PREPAY_FRESH_MS,
        };
        attempt.expires_ms > now_ms && age.is_some_and(|age| (0..fresh_ms).contains(&age))
    }

    pub(crate) fn parameters(&self, attempt: &AttemptRecord) -> Result<PaymentParameters, ShopError> {
        let prepay_id = attempt.prepay_id.as_deref().unwrap_or_default();
        let now_s = self.clock.now_ms().div_euclid(1000);
        let (gateway, nonce) = (self.accounts.gateway_of(attempt)?, nonce(&*self.ids));
        Ok(gateway.parameters(attempt.out_trade_no.as_str(), prepay_id, now_s, &nonce))
    }
}

fn is_payable(order: &OrderRecord) -> Result<(), ShopError> {
    match order.state {
        state if state.is_payable() => Ok(()),
        state if state.was_paid() => Err(ShopError::AlreadyPaid),
        _ => Err(ShopError::OrderClosed),
    }
}

/// Stores WeChat's answer to the prepay call of an attempt.
struct Prepaid {
    attempt: AttemptRecord,
    result: PrepayResult,
    now_ms: i64,
}

impl Command for Prepaid {
    type Reply = AttemptRecord;

    fn reads(&self, reads: &mut ReadSet) {
        reads.attempt(&self.attempt.out_trade_no);
    }

    fn apply(&self, unit: &mut UnitOfWork) -> AttemptRecord {
        let out_trade_no = &self.attempt.out_trade_no;
        let Some(row) = unit.update_attempt(out_trade_no) else { return self.attempt.clone() };
        row.prepay_id = Some(self.result.prepay_id.clone());
        row.pay_url = self.result.pay_url.clone();
        row.prepay_ms = Some(self.now_ms);
        let row = row.clone();
        unit.record_event(
            &self.attempt.order_id,
            EventEntry {
                at_ms: self.now_ms,
                source: EventSource::Wechat,
                kind: EventKind::Prepaid,
                out_trade_no: Some(out_trade_no),
                detail: self.result.prepay_id.clone(),
            },
        );
        row
    }
}
