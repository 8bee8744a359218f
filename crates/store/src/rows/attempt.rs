use model::{Fen, payment::PayApi, record::AttemptRecord};

use super::column::{flag, number, number_or_null, text, text_or_empty, text_or_null};
use crate::{StoreError, driver::Row};

/// The columns of `attempts AS a`, as [`attempt`] reads them. The prefix keeps them apart from the columns of an order
/// in the same row.
pub(crate) const ATTEMPT: &str = "a.out_trade_no AS a_out_trade_no, a.order_id AS a_order_id, a.seq AS a_seq, \
    a.state AS a_state, a.api AS a_api, a.trade_type AS a_trade_type, a.sign_type AS a_sign_type, a.appid AS a_appid, \
    a.mch_id AS a_mch_id, a.openid AS a_openid, a.total_fee AS a_total_fee, a.balance_fee AS a_balance_fee, a.created_ms AS a_created_ms, \
    a.expires_ms AS a_expires_ms, a.prepay_id AS a_prepay_id, a.prepay_ms AS a_prepay_ms, \
    a.transaction_id AS a_transaction_id, a.paid_ms AS a_paid_ms, a.payer_total AS a_payer_total, \
    a.settlement_total AS a_settlement_total, a.refunded AS a_refunded, a.refunding AS a_refunding, \
    a.pay_url AS a_pay_url, a.refunds_unknown AS a_refunds_unknown";

pub(crate) fn attempt(row: &Row) -> Result<AttemptRecord, StoreError> {
    let (api, sign_type): (String, String) = (text(row, "a_api")?, text(row, "a_sign_type")?);
    let fen = |column| number_or_null(row, column).map(|fen| fen.map(Fen));
    Ok(AttemptRecord {
        out_trade_no: text(row, "a_out_trade_no")?,
        order_id: text(row, "a_order_id")?,
        seq: number(row, "a_seq")?,
        state: text(row, "a_state")?,
        api: PayApi::parse(&api, &sign_type)
            .ok_or_else(|| StoreError::new("reading a row", "an attempt has an unknown api or sign_type"))?,
        trade_type: text(row, "a_trade_type")?,
        appid: text(row, "a_appid")?,
        mch_id: text(row, "a_mch_id")?,
        openid: text_or_empty(row, "a_openid")?,
        total_fee: Fen(number(row, "a_total_fee")?),
        balance_fee: Fen(number(row, "a_balance_fee")?),
        created_ms: number(row, "a_created_ms")?,
        expires_ms: number(row, "a_expires_ms")?,
        prepay_id: text_or_null(row, "a_prepay_id")?,
        pay_url: text_or_null(row, "a_pay_url")?,
        prepay_ms: number_or_null(row, "a_prepay_ms")?,
        transaction_id: text_or_null(row, "a_transaction_id")?,
        paid_ms: number_or_null(row, "a_paid_ms")?,
        payer_total: fen("a_payer_total")?,
        settlement_total: fen("a_settlement_total")?,
        refunded: Fen(number(row, "a_refunded")?),
        refunding: Fen(number(row, "a_refunding")?),
        refunds_unknown: flag(row, "a_refunds_unknown")?,
    })
}

/// The attempt of a LEFT JOIN; `None` if there is no attempt.
pub(crate) fn joined_attempt(row: &Row) -> Result<Option<AttemptRecord>, StoreError> {
    match text_or_null::<String>(row, "a_out_trade_no")? {
        Some(_) => attempt(row).map(Some),
        None => Ok(None),
    }
}
