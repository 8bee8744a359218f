//! What the console reads: the list of orders, exports, the dashboard and the figures.

mod attention;
mod dashboard;
mod export;
mod figures;
mod money;
mod order_list;
mod search;

pub use self::{
    attention::Overdue,
    dashboard::{DayMoney, DayOrders},
    export::ExportedOrder,
    search::SEARCHED_ORDERS,
};
pub(super) use self::{
    attention::{HAS_PIECES, to_ship, unreported},
    order_list::claimed_in_a_line,
};
