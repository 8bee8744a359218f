//! From the cart to a placed order, and what its shopper sees of it.

mod addresses;
mod cancel;
mod cart;
mod close_order;
mod delivery;
mod import;
mod order_detail;
mod order_link;
mod order_status;
mod place_order;
mod reorder;
mod standing;
mod stock_hold;
mod top_up;

pub use self::{
    addresses::check_recipient,
    cart::CartLine,
    delivery::{Delivery, LONGEST_NOTE},
    import::OpenOrder,
    order_detail::{ORDERS_PAGE, OrderDetail, OrderLine, RefundLine},
    place_order::Line,
    top_up::TOP_UP_LIMITS,
};
pub(crate) use self::{
    close_order::{CloseConfirmed, RequestClose},
    place_order::on_shelf,
    standing::standing,
    stock_hold::Release,
};
