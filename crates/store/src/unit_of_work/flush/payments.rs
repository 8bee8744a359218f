//! Writes payment attempts and balances.

use std::collections::BTreeMap;

use super::{super::unit::RowChange, UnitOfWork};
use crate::{
    StoreError,
    bulk::{insert, update},
    driver::{Connection, Value, text, text_or_null},
};
use model::OpenId;

pub(super) async fn attempts(connection: &mut Connection, unit: &UnitOfWork) -> Result<(), StoreError> {
    let with =
        |change| unit.attempts.values().filter(move |entry| entry.change == change).map(|entry| &entry.row);
    let new: Vec<_> = with(RowChange::Inserted)
        .map(|attempt| {
            [
                text(&attempt.out_trade_no),
                text(&attempt.order_id),
                Value::Number(attempt.seq),
                text(attempt.state.as_str()),
                text(attempt.api.as_str()),
                text(attempt.trade_type.as_str()),
                text(attempt.api.sign_type()),
                text(&attempt.appid),
                text(&attempt.mch_id),
                text(attempt.openid.as_ref().map_or("", OpenId::as_str)),
                Value::Number(attempt.total_fee.0),
                Value::Number(attempt.created_ms),
                Value::Number(attempt.expires_ms),
                Value::NumberOrNull(attempt.paid_ms),
                Value::Number(attempt.balance_fee.0),
            ]
        })
        .collect();
    let head = "INSERT INTO attempts (out_trade_no, order_id, seq, state, api, trade_type, sign_type, appid, \
                mch_id, openid, total_fee, created_ms, expires_ms, paid_ms, balance_fee)";
    insert(connection, "writing attempts", head, new, "").await?;
    let requests: Vec<_> =
        unit.requests.iter().map(|(out_trade_no, request)| [text(out_trade_no), text(request)]).collect();
    let head = "INSERT INTO attempt_requests (out_trade_no, request)";
    insert(connection, "writing requests", head, requests, "").await?;

    let changed: Vec<_> = with(RowChange::Updated)
        .map(|attempt| {
            [
                text(&attempt.out_trade_no),
                text(attempt.state.as_str()),
                text_or_null(attempt.prepay_id.as_ref()),
                Value::NumberOrNull(attempt.prepay_ms),
                text_or_null(attempt.transaction_id.as_ref()),
                Value::NumberOrNull(attempt.paid_ms),
                Value::NumberOrNull(attempt.payer_total.map(|fee| fee.0)),
                Value::NumberOrNull(attempt.settlement_total.map(|fee| fee.0)),
                Value::Number(attempt.refunded.0),
                Value::Number(attempt.refunding.0),
                text_or_null(attempt.pay_url.as_ref()),
                Value::Number(attempt.refunds_unknown.into()),
                Value::Number(attempt.total_fee.0),
                Value::Number(attempt.balance_fee.0),
            ]
        })
        .collect();
    let head = "UPDATE attempts SET state = v.column2, prepay_id = v.column3, prepay_ms = v.column4, \
                transaction_id = v.column5, paid_ms = v.column6, payer_total = v.column7, settlement_total = v.column8, \
                refunded = v.column9, refunding = v.column10, pay_url = v.column11, refunds_unknown = v.column12, \
                total_fee = v.column13, balance_fee = v.column14";
    update(connection, "changing attempts", head, changed, "WHERE attempts.out_trade_no = v.column1").await
}

pub(super) async fn wallets(connection: &mut Connection, unit: &UnitOfWork) -> Result<(), StoreError> {
    let moves: Vec<_> = unit
        .wallet_moves
        .iter()
        .map(|row| {
            [
                text(&row.id),
                text(&row.order_id),
                text(&row.shopper),
                text(row.reason),
                Value::Number(row.amount.0),
                Value::Number(row.at_ms),
            ]
        })
        .collect();
    let head = "INSERT INTO wallet_moves (id, order_id, openid, reason, amount, at_ms)";
    insert(connection, "writing wallet moves", head, moves, "").await?;

    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    for row in &unit.wallet_moves {
        *sums.entry(row.shopper.to_string()).or_default() += row.amount.0;
    }
    // two statements: in an upsert the CHECK of the table would apply to the amount of the move, which may be negative
    let empty: Vec<_> = sums.keys().map(|openid| [text(openid), Value::Number(0)]).collect();
    let head = "INSERT INTO wallets (openid, balance)";
    insert(connection, "adding wallets", head, empty, "ON CONFLICT (openid) DO NOTHING").await?;
    let sums: Vec<_> = sums.into_iter().map(|(openid, sum)| [text(openid), Value::Number(sum)]).collect();
    let head = "UPDATE wallets SET balance = wallets.balance + v.column2";
    update(connection, "moving balances", head, sums, "WHERE wallets.openid = v.column1").await
}
