//! Where the money of an order stands: one rule, once for a row and once for the database.

use model::order::{OrderState, Standing};

use crate::store::rows::AttemptRow;

/// Where the money of an order in this state stands, which this attempt has paid.
pub(crate) fn standing(state: OrderState, paid_by: Option<&AttemptRow>) -> Standing {
    Standing::of(state, paid_by.map(AttemptRow::money))
}

/// The same in SQL, for orders `o` in a state that holds money: whether goods may not be sent. A test compares both.
pub(crate) const HELD_BACK: &str = "EXISTS (SELECT 1 FROM attempts held WHERE held.out_trade_no = o.paid_out_trade_no AND \
     (held.refunds_unknown <> 0 OR held.refunded + held.refunding >= held.total_fee))";
