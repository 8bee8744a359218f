use std::net::IpAddr;

use model::{
    Fen, OpenId, OrderId, PaymentParameters, Shopper,
    order::{OrderKind, OrderState},
    record::{OrderRecord, WalletMoveRecord},
};
use store::{Command, ReadSet, UnitOfWork};

use super::place_order::add;
use crate::{Checkout, ShopError, clock::ms, ids::nonce};

/// The amounts that one top-up can have: one fen to 5,000 yuan.
pub const TOP_UP_LIMITS: std::ops::RangeInclusive<Fen> = Fen(1)..=Fen(500_000);

/// The number of changes on a page of the ledger (余额明细).
pub const LEDGER_PAGE: i64 = 20;

impl Checkout {
    /// Places a top-up and starts its payment. A top-up is an order of its own kind, with the same attempts and states.
    /// The commit that books the payment adds the amount to the balance.
    ///
    /// # Errors
    /// [`ShopError::TopUpLimit`], and as [`Payments::pay`](crate::Payments::pay).
    pub async fn top_up(
        &self,
        shopper: &Shopper,
        payer: &OpenId,
        money: Fen,
        ip: IpAddr,
    ) -> Result<PaymentParameters, ShopError> {
        let id = self.place_top_up(shopper, money).await?;
        self.payments.pay(shopper, payer, &id, ip).await
    }

    /// Places a top-up. The shopper pays it like any other order.
    ///
    /// # Errors
    /// [`ShopError::LoggedOut`] for a guest, [`ShopError::TopUpLimit`], or a failing database.
    pub async fn place_top_up(&self, shopper: &Shopper, money: Fen) -> Result<OrderId, ShopError> {
        if shopper.openid().is_none() {
            return Err(ShopError::LoggedOut);
        }
        if !TOP_UP_LIMITS.contains(&money) {
            return Err(ShopError::TopUpLimit);
        }
        let now_ms = self.clock.now_ms();
        let id = self.new_order_id(now_ms);
        let expires_ms = now_ms + ms(self.order_expire);
        let place = PlaceTopUp {
            id: id.clone(),
            shopper: shopper.clone(),
            money,
            now_ms,
            expires_ms,
            link_key: nonce(&*self.ids),
        };
        self.store.write(place).await?;
        Ok(id)
    }

    /// A shopper's balance.
    ///
    /// # Errors
    /// A failing database.
    pub async fn balance(&self, shopper: &Shopper) -> Result<Fen, ShopError> {
        Ok(self.store.balance(shopper).await?)
    }

    /// A page of the changes of a shopper's balance, newest first. It begins after `after`, the time in ms and the id
    /// of a change.
    ///
    /// # Errors
    /// A failing database.
    pub async fn ledger(
        &self,
        shopper: &Shopper,
        after: Option<(i64, &str)>,
    ) -> Result<Vec<WalletMoveRecord>, ShopError> {
        Ok(self.store.wallet_moves(shopper, after, LEDGER_PAGE).await?)
    }
}

struct PlaceTopUp {
    id: OrderId,
    shopper: Shopper,
    money: Fen,
    now_ms: i64,
    expires_ms: i64,
    link_key: String,
}

impl Command for PlaceTopUp {
    type Reply = ();

    fn reads(&self, reads: &mut ReadSet) {
        reads.shopper(&self.shopper);
    }

    fn apply(&self, unit: &mut UnitOfWork) {
        let order = OrderRecord {
            id: self.id.clone(),
            kind: OrderKind::TopUp,
            shopper: self.shopper.clone(),
            basket: String::new(),
            state: OrderState::Created,
            total_fee: self.money,
            freight_fee: Fen::ZERO,
            reduction_fee: Fen::ZERO,
            balance_fee: Fen::ZERO,
            created_ms: self.now_ms,
            expires_ms: self.expires_ms,
            paid_ms: None,
            paid_out_trade_no: None,
            version: 0,
            link_key: self.link_key.clone(),
            // a top-up holds no stock
            placed_from: String::new(),
            held: 0,
        };
        let expires_ms = self.expires_ms;
        add(unit, order, Vec::new(), format!("top-up, {} fen", self.money.0), expires_ms);
    }
}
