use model::{
    order::{OrderState, Standing},
    record::AttemptRecord,
};

/// Where the money of an order in this state is; `paid_by` is the attempt that paid it.
pub(crate) fn standing(state: OrderState, paid_by: Option<&AttemptRecord>) -> Standing {
    Standing::of(state, paid_by.map(AttemptRecord::money))
}
