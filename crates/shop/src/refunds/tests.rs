//! A property test: requests for refunds and reports of WeChat, in any sequence, never break the sums.

use model::{
    Fen, OrderId, OutRefundNo, OutTradeNo,
    event::{EventKind, EventSource},
    order::{OrderEvent, OrderKind, OrderState},
    payment::{AttemptState, PayApi, TradeType},
    record::{AttemptRecord, ItemRecord, OrderRecord, RefundRecord, WalletMoveRecord, WalletReason},
    refund::RefundState,
};
use proptest::prelude::*;
use store::{Command, EventEntry, UnitOfWork};

use super::{NewRefund, Restock, SettleRefund, create_refund};
use crate::gateway::RefundResult;

const TOTAL: i64 = 1000;

fn id() -> OrderId {
    "202611210000000000000001".parse().unwrap()
}

fn number() -> OutTradeNo {
    "20261121000000000000000101".parse().unwrap()
}

/// The only line of an order of goods.
fn item() -> ItemRecord {
    ItemRecord {
        order_id: id(),
        position: 1,
        sku: "mug-white".parse().unwrap(),
        name: "青瓷马克杯".to_owned(),
        spec: String::new(),
        picture: String::new(),
        price: Fen(TOTAL),
        quantity: 1.try_into().unwrap(),
        reduction: Fen::ZERO,
    }
}

/// A paid order. For a top-up the balance has the amount, less `spent`.
pub(crate) fn paid(kind: OrderKind, spent: i64) -> UnitOfWork {
    paid_with(kind, spent, 0)
}

/// As [`paid`], with `balance_fee` paid from the balance.
fn paid_with(kind: OrderKind, spent: i64, balance_fee: i64) -> UnitOfWork {
    let mut unit = UnitOfWork::default();
    let order = OrderRecord {
        id: id(),
        kind,
        shopper: "oUser".parse().unwrap(),
        basket: String::new(),
        state: OrderState::Paying,
        total_fee: Fen(TOTAL),
        freight_fee: Fen::ZERO,
        reduction_fee: Fen::ZERO,
        balance_fee: Fen(balance_fee),
        created_ms: 0,
        expires_ms: 0,
        paid_ms: Some(0),
        paid_out_trade_no: Some(number()),
        version: 0,
        placed_from: String::new(),
        held: 0,
        link_key: String::new(),
    };
    let items = if kind == OrderKind::Goods { vec![item()] } else { Vec::new() };
    unit.add_order(order, items);
    let attempt = AttemptRecord {
        out_trade_no: number(),
        order_id: id(),
        seq: 1,
        state: AttemptState::Paid,
        api: PayApi::V3,
        trade_type: TradeType::Jsapi,
        appid: String::new(),
        mch_id: String::new(),
        openid: "oUser".parse().ok(),
        total_fee: Fen(TOTAL),
        balance_fee: Fen(balance_fee),
        created_ms: 0,
        expires_ms: 0,
        pay_url: None,
        prepay_id: None,
        prepay_ms: None,
        transaction_id: None,
        paid_ms: Some(0),
        payer_total: None,
        settlement_total: None,
        refunded: Fen::ZERO,
        refunding: Fen::ZERO,
        refunds_unknown: false,
    };
    unit.add_attempt(attempt, String::new());
    let note = EventEntry {
        at_ms: 0,
        source: EventSource::Import,
        kind: EventKind::Paid,
        out_trade_no: None,
        detail: String::new(),
    };
    unit.apply_event(&id(), OrderEvent::Paid, note).unwrap();
    if kind == OrderKind::TopUp {
        unit.move_balance(WalletMoveRecord {
            id: "credit".to_owned(),
            order_id: id(),
            shopper: "oUser".parse().unwrap(),
            reason: WalletReason::TopUp,
            amount: Fen(TOTAL - spent),
            at_ms: 0,
        });
    }
    unit
}

fn numbered(refund: u8) -> OutRefundNo {
    format!("{}R{refund:02}", number()).parse().unwrap()
}

#[derive(Clone, Debug)]
enum Step {
    Ask { refund: u8, fee: Option<i64> },
    Say { refund: u8, state: RefundState, fee: Option<i64> },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (1..6_u8, prop::option::of(-10..1200_i64)).prop_map(|(refund, fee)| Step::Ask { refund, fee }),
        (1..6_u8, prop::sample::select(RefundState::ALL.to_vec()), prop::option::of(1..1200_i64))
            .prop_map(|(refund, state, fee)| Step::Say { refund, state, fee }),
    ]
}

fn take(unit: &mut UnitOfWork, step: Step) {
    match step {
        Step::Ask { refund, fee } => {
            let out_refund_no = numbered(refund);
            // the real command looks for the number first
            if unit.refund(&out_refund_no).is_some() {
                return;
            }
            let new = NewRefund {
                out_trade_no: &number(),
                out_refund_no,
                fee: fee.map(Fen),
                reason: "test",
                who: "test",
                restock: Restock::Nothing,
                now_ms: 0,
            };
            let _ = create_refund(unit, &new);
        }
        Step::Say { refund, state, fee } => {
            let out_refund_no = numbered(refund);
            let known = unit.refund(&out_refund_no).map(|row| row.wechat_fee().0);
            let reported = RefundResult {
                state,
                out_trade_no: number().to_string(),
                out_refund_no: out_refund_no.to_string(),
                refund_id: format!("50{refund}"),
                refund_fee: fee.or(known).unwrap_or(1),
                payer_refund: None,
                settlement_refund: None,
                payload: Vec::new(),
            };
            let settle = SettleRefund {
                order_id: id(),
                out_trade_no: number(),
                out_refund_no,
                reported,
                source: EventSource::Query,
                now_ms: 0,
            };
            settle.apply(unit);
        }
    }
}

fn sums_hold(unit: &UnitOfWork) -> Result<(), TestCaseError> {
    let number = number();
    let attempt = unit.attempt(&number).unwrap();
    let sum = |of: fn(RefundState) -> bool| -> i64 {
        unit.refunds_of(&number).filter(|row| of(row.state)).map(|row| row.refund_fee.0).sum()
    };
    prop_assert_eq!(attempt.refunded.0, sum(|state| state == RefundState::Success));
    prop_assert_eq!(attempt.refunding.0, sum(|state| !state.is_final()));
    prop_assert!(attempt.refunded.0 + attempt.refunding.0 <= TOTAL);
    let state = unit.order(&id()).unwrap().state;
    let expected = match attempt.refunded.0 {
        0 => OrderState::Paid,
        TOTAL => OrderState::Refunded,
        _ => OrderState::PartlyRefunded,
    };
    prop_assert_eq!(state, expected);
    // the balance is the sum of all its changes, and never negative
    let balance = unit.balance(&"oUser".parse().unwrap()).0;
    prop_assert_eq!(balance, unit.wallet_moves().iter().map(|row| row.amount.0).sum::<i64>());
    prop_assert!(balance >= 0);
    // each part of the payment is refunded to its source
    let part = |of: fn(&RefundRecord) -> Fen| -> i64 {
        unit.refunds_of(&number).filter(|row| row.state != RefundState::Closed).map(|row| of(row).0).sum()
    };
    prop_assert!(part(RefundRecord::wechat_fee) <= attempt.wechat_fee().0);
    prop_assert!(part(|row| row.balance_fee) <= attempt.balance_fee.0);
    prop_assert!(unit.refunds_of(&number).all(|row| row.balance_fee.0 >= 0 && row.wechat_fee().0 >= 0));
    let returned = unit.wallet_moves().iter().filter(|row| row.reason == WalletReason::Refund);
    let succeeded = unit.refunds_of(&number).filter(|row| row.state == RefundState::Success);
    prop_assert_eq!(
        returned.map(|row| row.amount.0).sum::<i64>(),
        succeeded.map(|row| row.balance_fee.0).sum::<i64>()
    );
    let ids: std::collections::HashSet<_> = unit.wallet_moves().iter().map(|row| &row.id).collect();
    prop_assert_eq!(ids.len(), unit.wallet_moves().len(), "each move happens once");
    Ok(())
}

proptest! {
    #[test]
    fn refunds_never_exceed_the_payment_and_the_balance_is_credits_less_debits(
        top_up: bool,
        spent in 0..1000_i64,
        balance_fee in prop_oneof![Just(0), Just(TOTAL), 1..TOTAL],
        steps in prop::collection::vec(step(), 0..40),
    ) {
        let mut unit = match top_up {
            true => paid(OrderKind::TopUp, spent),
            false => paid_with(OrderKind::Goods, 0, balance_fee),
        };
        for step in steps {
            take(&mut unit, step);
            sums_hold(&unit)?;
        }
    }
}
