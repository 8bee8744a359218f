//! Orders: placed, shown, given up.

mod again;
mod cancel;
mod close;
mod deliver;
mod hold;
mod link;
mod place;
mod ship;
mod show;
mod standing;
mod status;
mod top_up;

pub(crate) use self::{
    close::{CloseConfirmed, RequestClose},
    hold::Release,
    place::on_shelf,
    standing::{HELD_BACK, standing},
};
pub use self::{
    deliver::{Delivery, LONGEST_NOTE},
    place::Line,
    show::{ORDERS_PAGE, OrderDetail, OrderLine, RefundLine},
    top_up::TOP_UP_LIMITS,
};
