use std::net::IpAddr;

use model::{OpenId, OrderId, PaymentParameters};

use super::{
    Account, Answer,
    start::{StartAttempt, Started},
};
use crate::{
    Shop, ShopError,
    clock::ms,
    ids::nonce,
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
    /// [`ShopError::NotFound`], [`ShopError::AlreadyPaid`], [`ShopError::OrderClosed`],
    /// [`ShopError::PayingElsewhere`], WeChat not answering or refusing, or a failing database.
    pub async fn pay(
        &self,
        openid: &OpenId,
        id: &OrderId,
        ip: IpAddr,
    ) -> Result<PaymentParameters, ShopError> {
        self.pay_with(self.account(), openid, openid, id, ip).await
    }

    /// Lets `payer`, as the account knows them, pay an order of `owner`'s.
    pub(crate) async fn pay_with(
        &self,
        account: &Account,
        owner: &OpenId,
        payer: &OpenId,
        id: &OrderId,
        ip: IpAddr,
    ) -> Result<PaymentParameters, ShopError> {
        // a closed attempt makes room for one more; if that one is closed too, something else is wrong
        for _ in 0..3 {
            let attempt = match self.start_attempt(account, owner, payer, id, ip).await? {
                Started::Attempt(attempt) => attempt,
                Started::Elsewhere(attempt) => match self.close_attempt(&attempt).await? {
                    Answer::Closed => continue,
                    Answer::Paid => return Err(ShopError::AlreadyPaid),
                    Answer::Open | Answer::Unknown => return Err(ShopError::PayingElsewhere),
                },
            };
            if let Some(attempt) = self.ordered(attempt).await? {
                return self.parameters(&attempt);
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
        if order.state.was_paid() {
            return Err(ShopError::AlreadyPaid);
        }
        let attempts = self.store().attempts_of(id).await?;
        let open =
            attempts.iter().find(|attempt| attempt.state == AttemptState::Open && self.is_fresh(attempt));
        self.parameters(open.ok_or(ShopError::OrderClosed)?)
    }

    async fn start_attempt(
        &self,
        account: &Account,
        owner: &OpenId,
        payer: &OpenId,
        id: &OrderId,
        ip: IpAddr,
    ) -> Result<Started, ShopError> {
        let now_ms = self.clock().now_ms();
        let settings = self.settings();
        let start = StartAttempt {
            order_id: id.clone(),
            owner: owner.clone(),
            payer: payer.clone(),
            account: account.clone(),
            api: settings.pay_api,
            gateway: account.gateway(settings.pay_api).ok_or(ShopError::UnknownMerchant)?,
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
        match self.gateway_of(&attempt)?.prepay(&attempt.request).await {
            Ok(prepay_id) => {
                let now_ms = self.clock().now_ms();
                let prepaid = Prepaid { attempt, prepay_id, now_ms };
                self.store().writer.write(prepaid).await.map(Some).map_err(ShopError::from)
            }
            Err(error) if error.is_order_paid() => {
                self.query(&attempt).await?;
                Err(ShopError::AlreadyPaid)
            }
            Err(error) if error.is_order_closed() => {
                self.confirm_closed(&attempt, "wechat", error.to_string()).await?;
                Ok(None)
            }
            Err(error) => {
                tracing::error!(out_trade_no = %attempt.out_trade_no, %error, "WeChat did not take the order");
                Err(error.into())
            }
        }
    }

    fn is_fresh(&self, attempt: &AttemptRow) -> bool {
        let age = attempt.prepay_ms.map(|at| self.clock().now_ms() - at);
        age.is_some_and(|age| (0..PREPAY_FRESH_MS).contains(&age))
    }

    fn parameters(&self, attempt: &AttemptRow) -> Result<PaymentParameters, ShopError> {
        let prepay_id = attempt.prepay_id.as_deref().unwrap_or_default();
        let now_s = self.clock().now_ms().div_euclid(1000);
        let (gateway, nonce) = (self.gateway_of(attempt)?, nonce(self.ids()));
        Ok(gateway.parameters(attempt.out_trade_no.as_str(), prepay_id, now_s, &nonce))
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
                who: "wechat",
                what: "prepaid",
                out_trade_no: Some(out_trade_no),
                detail: self.prepay_id.clone(),
            },
        );
        row
    }
}
