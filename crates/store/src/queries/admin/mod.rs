//! What the console reads: the list of orders, its export, and the dashboard.

mod attention;
mod dashboard;
mod export;
mod order_list;

pub use self::{attention::StuckRefunds, dashboard::DayOrders, export::ExportedOrder};
