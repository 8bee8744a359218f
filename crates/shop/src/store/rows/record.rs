use model::{OpenId, OrderId, OutTradeNo};
use sqlx::any::AnyRow;

use super::super::StoreError;
use super::column::{number, text};

/// Something that happened to an order.
#[derive(Clone, Debug)]
pub struct EventRow {
    /// The order.
    pub order_id: OrderId,
    /// Its how-manieth event, from 1.
    pub seq: i64,
    /// When, ms.
    pub at_ms: i64,
    /// Who said so.
    pub who: &'static str,
    /// What.
    pub what: &'static str,
    /// The attempt it is about.
    pub out_trade_no: Option<OutTradeNo>,
    /// Why, in English.
    pub detail: String,
}

/// Something to do later.
#[derive(Clone, Debug)]
pub struct JobRow {
    /// Kind and subject; the same job twice is one job.
    pub id: String,
    /// What to do.
    pub kind: String,
    /// With what.
    pub subject: String,
    /// Not before, ms.
    pub run_ms: i64,
    /// How often it was begun.
    pub tries: i64,
}

/// Something that verifies but does not fit.
#[derive(Clone, Debug)]
pub struct DifferenceRow {
    /// The same difference twice is one row.
    pub id: String,
    /// What does not fit: one of those that `resolution_of` knows.
    pub kind: &'static str,
    /// The number that it names.
    pub out_trade_no: String,
    /// When it was seen, ms.
    pub at_ms: i64,
    /// What was expected and what came, in English.
    pub detail: String,
    /// What came, byte for byte.
    pub payload: Vec<u8>,
    /// What was done about it; empty while it is open.
    pub resolution: String,
}

/// What a shopper let WeChat tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileRow {
    /// Who.
    pub openid: OpenId,
    /// Their name in WeChat.
    pub nickname: String,
    /// Their picture's address; may be empty.
    pub headimgurl: String,
    /// When WeChat told it, ms.
    pub at_ms: i64,
}

/// Something done that is about no order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Its own number.
    pub id: String,
    /// When, ms.
    pub at_ms: i64,
    /// Who.
    pub who: String,
    /// What.
    pub what: String,
    /// What came of it.
    pub detail: String,
}

pub(in crate::store) fn profile(row: &AnyRow) -> Result<ProfileRow, StoreError> {
    Ok(ProfileRow {
        openid: text(row, 0)?,
        nickname: text(row, 1)?,
        headimgurl: text(row, 2)?,
        at_ms: number(row, 3)?,
    })
}

pub(crate) fn audit(row: &AnyRow) -> Result<AuditRow, StoreError> {
    Ok(AuditRow {
        id: text(row, 0)?,
        at_ms: number(row, 1)?,
        who: text(row, 2)?,
        what: text(row, 3)?,
        detail: text(row, 4)?,
    })
}

pub(crate) fn job(row: &AnyRow) -> Result<JobRow, StoreError> {
    Ok(JobRow {
        id: text(row, 0)?,
        kind: text(row, 1)?,
        subject: text(row, 2)?,
        run_ms: number(row, 3)?,
        tries: number(row, 4)?,
    })
}
