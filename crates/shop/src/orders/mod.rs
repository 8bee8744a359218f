//! Orders: placed, shown, given up.

mod cancel;
mod close;
mod link;
mod place;
mod ship;
mod show;
mod status;
mod top_up;

pub(crate) use self::close::{CloseConfirmed, RequestClose};
pub use self::{
    place::Line,
    show::{ORDERS_PAGE, OrderDetail, OrderLine},
    top_up::TOP_UP_LIMITS,
};
