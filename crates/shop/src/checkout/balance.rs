//! Orders that the shopper's balance pays, completely or in part. The order takes the amount from the balance when the
//! shopper places it. The close of the order returns the amount (`orders/close_order.rs`).

use model::{
    Fen, OrderId, OutTradeNo,
    event::{EventKind, EventSource},
    order::OrderEvent,
    payment::{AttemptState, PayApi, TradeType},
    record::{AttemptRecord, OrderRecord, WalletMoveRecord, WalletReason},
};
use store::{EventEntry, UnitOfWork};

use crate::{ShopError, payments::record_paid};

/// Takes the order's part from its shopper's balance. The caller has checked that the balance is enough.
pub(super) fn reserve(unit: &mut UnitOfWork, order: &OrderRecord) {
    unit.move_balance(WalletMoveRecord {
        id: order.id.to_string(),
        order_id: order.id.clone(),
        shopper: order.shopper.clone(),
        reason: WalletReason::Order,
        amount: Fen(-order.balance_fee.0),
        at_ms: order.created_ms,
    });
}

/// Books the payment of an order that the balance pays completely. WeChat Pay is not involved, so the attempt has no
/// account.
pub(super) fn pay(unit: &mut UnitOfWork, id: &OrderId, now_ms: i64) -> Result<(), ShopError> {
    let order = unit.order(id).cloned().ok_or(ShopError::NotFound)?;
    let out_trade_no: OutTradeNo = format!("{id}01").parse().map_err(|_| ShopError::NotFound)?;
    let attempt = AttemptRecord {
        out_trade_no: out_trade_no.clone(),
        order_id: id.clone(),
        seq: 1,
        state: AttemptState::Paid,
        api: PayApi::V3,
        trade_type: TradeType::Balance,
        appid: String::new(),
        mch_id: String::new(),
        openid: None,
        total_fee: order.total_fee,
        balance_fee: order.balance_fee,
        created_ms: now_ms,
        expires_ms: order.expires_ms,
        prepay_id: None,
        pay_url: None,
        prepay_ms: None,
        transaction_id: None,
        paid_ms: Some(now_ms),
        payer_total: None,
        settlement_total: None,
        refunded: Fen::ZERO,
        refunding: Fen::ZERO,
        refunds_unknown: false,
    };
    let entry = EventEntry {
        at_ms: now_ms,
        source: EventSource::Shop,
        kind: EventKind::Paid,
        out_trade_no: Some(&out_trade_no),
        detail: format!("{} fen from the balance", order.balance_fee.0),
    };
    unit.apply_event(id, OrderEvent::Paid, entry).map_err(|_| ShopError::OrderClosed)?;
    unit.add_attempt(attempt, String::new());
    record_paid(unit, id, &out_trade_no, now_ms, now_ms);
    Ok(())
}
