use std::str::FromStr;

use model::OrderId;
use sqlx::any::AnyRow;

use super::super::StoreError;
use super::column::{number, text};

/// What became of a shopper's wish to have money back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundRequestState {
    /// The shop has not answered.
    Open,
    /// The shop gives it back: see the refunds.
    Granted,
    /// The shop does not, and says why.
    Declined,
    /// The shop wanted to give it back, and WeChat closed the refund: it waits for the shop again.
    Failed,
}

impl RefundRequestState {
    /// Whether the shop has to do something about it.
    #[must_use]
    pub const fn is_waiting(self) -> bool {
        matches!(self, Self::Open | Self::Failed)
    }

    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Granted => "granted",
            Self::Declined => "declined",
            Self::Failed => "failed",
        }
    }
}

impl FromStr for RefundRequestState {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        [Self::Open, Self::Granted, Self::Declined, Self::Failed]
            .into_iter()
            .find(|state| state.as_str() == word)
            .ok_or("unknown state of a refund request")
    }
}

/// A shopper's wish to have money back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundRequestRow {
    /// The order.
    pub order_id: OrderId,
    /// What became of it.
    pub state: RefundRequestState,
    /// Why.
    pub reason: String,
    /// When, ms.
    pub asked_ms: i64,
    /// What the shop says to it; may be empty.
    pub answer: String,
    /// Who of the shop answered.
    pub who: String,
    /// When, ms.
    pub answered_ms: Option<i64>,
    /// The refund by which it was granted; empty where there is none.
    pub out_refund_no: String,
}

/// The columns of `refund_requests`, as [`refund_request`] reads them.
pub(in crate::store) const REFUND_REQUEST: &str =
    "order_id, state, reason, asked_ms, answer, who, answered_ms, out_refund_no";

pub(in crate::store) fn refund_request(row: &AnyRow) -> Result<RefundRequestRow, StoreError> {
    Ok(RefundRequestRow {
        order_id: text(row, 0)?,
        state: text(row, 1)?,
        reason: text(row, 2)?,
        asked_ms: number(row, 3)?,
        answer: text(row, 4)?,
        who: text(row, 5)?,
        answered_ms: number(row, 6)?,
        out_refund_no: text(row, 7)?,
    })
}
