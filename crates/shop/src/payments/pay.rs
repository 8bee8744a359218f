use std::net::IpAddr;

use model::{OpenId, OrderId, PaymentParameters, order::OrderState};
use wechat::pay::v2::jsapi_parameters;

use super::start::StartAttempt;
use crate::{
    Shop, ShopError,
    clock::ms,
    ids::nonce,
    orders::CloseConfirmed,
    store::{
        Books, Command, Needs, Note,
        rows::{AttemptRow, AttemptState},
    },
};

/// A `prepay_id` opens the payment sheet for two hours; five minutes before that it is renewed. ms.
const PREPAY_FRESH_MS: i64 = (2 * 60 - 5) * 60 * 1000;

impl Shop {
    /// What the bridge needs to let the shopper pay.
    ///
    /// However often it is called there is one attempt: the stored request is sent until WeChat has answered it,
    /// and again when its `prepay_id` is about to expire.
    ///
    /// # Errors
    /// [`ShopError::NotFound`], [`ShopError::AlreadyPaid`], [`ShopError::OrderClosed`], WeChat not answering or
    /// refusing, or a failing database.
    pub async fn pay(
        &self,
        openid: &OpenId,
        id: &OrderId,
        ip: IpAddr,
    ) -> Result<PaymentParameters, ShopError> {
        // a closed attempt makes room for one more; if that one is closed too, something else is wrong
        for _ in 0..2 {
            let attempt = self.start_attempt(openid, id, ip).await?;
            match self.ordered(attempt).await? {
                Some(attempt) => return self.parameters(&attempt),
                None => continue,
            }
        }
        Err(ShopError::OrderClosed)
    }

    /// The same for an attempt that WeChat has answered already; changes nothing.
    ///
    /// # Errors
    /// [`ShopError::AlreadyPaid`]; [`ShopError::OrderClosed`] where there is no such attempt.
    pub async fn prepaid(&self, openid: &OpenId, id: &OrderId) -> Result<PaymentParameters, ShopError> {
        let order = self.own_order(openid, id).await?;
        if order.state == OrderState::Paid {
            return Err(ShopError::AlreadyPaid);
        }
        let attempts = self.store().attempts_of(id).await?;
        let open =
            attempts.iter().find(|attempt| attempt.state == AttemptState::Open && self.is_fresh(attempt));
        self.parameters(open.ok_or(ShopError::OrderClosed)?)
    }

    async fn start_attempt(
        &self,
        openid: &OpenId,
        id: &OrderId,
        ip: IpAddr,
    ) -> Result<AttemptRow, ShopError> {
        let now_ms = self.clock().now_ms();
        let settings = self.settings();
        let start = StartAttempt {
            order_id: id.clone(),
            openid: openid.clone(),
            merchant: self.merchant().clone(),
            sign_type: settings.sign_type,
            notify_url: settings.notify_url(),
            shop_name: settings.name.clone(),
            ip,
            nonce: nonce(self.ids()),
            first_query_ms: now_ms + settings.query_intervals.first().map_or(0, |first| ms(*first)),
            now_ms,
        };
        self.store().writer.write(start).await?
    }

    /// The attempt with a `prepay_id` that works, or `None` where WeChat has closed it.
    async fn ordered(&self, attempt: AttemptRow) -> Result<Option<AttemptRow>, ShopError> {
        if self.is_fresh(&attempt) {
            return Ok(Some(attempt));
        }
        // two taps at once ask WeChat once: the second finds the answer of the first
        let _turn = self.turns().take(attempt.out_trade_no.as_str()).await;
        let attempt = self.store().attempt(&attempt.out_trade_no).await?.ok_or(ShopError::NotFound)?;
        if self.is_fresh(&attempt) {
            return Ok(Some(attempt));
        }
        match self.pay_v2().unifiedorder(&attempt.request, attempt.sign_type).await {
            Ok(reply) => {
                let now_ms = self.clock().now_ms();
                let prepaid = Prepaid { attempt, prepay_id: reply.prepay_id, now_ms };
                self.store().writer.write(prepaid).await.map(Some).map_err(ShopError::from)
            }
            Err(error) if error.is_order_paid() => {
                self.query(&attempt).await?;
                Err(ShopError::AlreadyPaid)
            }
            Err(error) if error.is_order_closed() => {
                let confirmed = CloseConfirmed {
                    out_trade_no: attempt.out_trade_no,
                    order_id: attempt.order_id,
                    who: "unifiedorder",
                    detail: error.to_string(),
                    now_ms: self.clock().now_ms(),
                };
                self.store().writer.write(confirmed).await?;
                Ok(None)
            }
            Err(error) => {
                tracing::error!(out_trade_no = %attempt.out_trade_no, %error, "unifiedorder failed");
                Err(error.into())
            }
        }
    }

    fn is_fresh(&self, attempt: &AttemptRow) -> bool {
        let age = attempt.prepay_ms.map(|at| self.clock().now_ms() - at);
        age.is_some_and(|age| (0..PREPAY_FRESH_MS).contains(&age))
    }

    fn parameters(&self, attempt: &AttemptRow) -> Result<PaymentParameters, ShopError> {
        let merchant = self.merchant_of(attempt).ok_or(ShopError::UnknownMerchant)?;
        let prepay_id = attempt.prepay_id.as_deref().unwrap_or_default();
        let seconds = self.clock().now_ms().div_euclid(1000);
        let signed = jsapi_parameters(merchant, attempt.sign_type, prepay_id, seconds, &nonce(self.ids()));
        Ok(PaymentParameters {
            app_id: signed.app_id,
            time_stamp: signed.time_stamp,
            nonce_str: signed.nonce_str,
            package: signed.package,
            sign_type: signed.sign_type.to_string(),
            pay_sign: signed.pay_sign,
            out_trade_no: attempt.out_trade_no.to_string(),
        })
    }
}

/// WeChat has answered an attempt's request.
struct Prepaid {
    attempt: AttemptRow,
    prepay_id: String,
    now_ms: i64,
}

impl Command for Prepaid {
    type Reply = AttemptRow;

    fn needs(&self, needs: &mut Needs) {
        needs.attempt(&self.attempt.out_trade_no);
    }

    fn apply(&self, books: &mut Books) -> AttemptRow {
        let out_trade_no = &self.attempt.out_trade_no;
        let Some(row) = books.change_attempt(out_trade_no) else { return self.attempt.clone() };
        row.prepay_id = Some(self.prepay_id.clone());
        row.prepay_ms = Some(self.now_ms);
        let row = row.clone();
        books.note(
            &self.attempt.order_id,
            Note {
                at_ms: self.now_ms,
                who: "unifiedorder",
                what: "prepaid",
                out_trade_no: Some(out_trade_no),
                detail: self.prepay_id.clone(),
            },
        );
        row
    }
}
