//! Writes refunds.

use super::{super::unit::RowChange, UnitOfWork};
use crate::{
    StoreError,
    bulk::{insert, update},
    driver::{Connection, Value, text, text_or_null},
    rows::REFUND,
};

pub(super) async fn refunds(connection: &mut Connection, unit: &UnitOfWork) -> Result<(), StoreError> {
    let with =
        |change| unit.refunds.values().filter(move |entry| entry.change == change).map(|entry| &entry.row);
    let new: Vec<_> = with(RowChange::Inserted)
        .map(|refund| {
            [
                text(&refund.out_refund_no),
                text(&refund.order_id),
                text(&refund.out_trade_no),
                text(refund.state),
                text(&refund.who),
                text(&refund.reason),
                Value::Number(refund.refund_fee.0),
                text(&refund.request),
                text_or_null(refund.refund_id.as_ref()),
                Value::NumberOrNull(refund.payer_refund.map(|fee| fee.0)),
                Value::NumberOrNull(refund.settlement_refund.map(|fee| fee.0)),
                Value::Number(refund.created_ms),
                Value::Number(refund.changed_ms),
                text(&refund.last_error),
                Value::Number(refund.debited.0),
                Value::Number(refund.restock.into()),
                Value::Number(refund.balance_fee.0),
            ]
        })
        .collect();
    let head = format!("INSERT INTO refunds ({REFUND})");
    insert(connection, "writing refunds", &head, new, "").await?;

    let changed: Vec<_> = with(RowChange::Updated)
        .map(|refund| {
            [
                text(&refund.out_refund_no),
                text(refund.state),
                text(&refund.request),
                text_or_null(refund.refund_id.as_ref()),
                Value::NumberOrNull(refund.payer_refund.map(|fee| fee.0)),
                Value::NumberOrNull(refund.settlement_refund.map(|fee| fee.0)),
                Value::Number(refund.changed_ms),
                text(&refund.last_error),
                Value::Number(refund.debited.0),
            ]
        })
        .collect();
    let head = "UPDATE refunds SET state = v.column2, request = v.column3, refund_id = v.column4, \
                payer_refund = v.column5, settlement_refund = v.column6, changed_ms = v.column7, \
                last_error = v.column8, debited = v.column9";
    update(connection, "changing refunds", head, changed, "WHERE refunds.out_refund_no = v.column1").await
}
