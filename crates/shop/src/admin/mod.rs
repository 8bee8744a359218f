//! What staff see in the console: lists, one order with everything that belongs to it, sums.

mod audit_log;
mod dashboard;
mod discrepancies;
mod export;
mod mask_secrets;
mod order;
mod order_list;
pub mod order_words;
mod refund_by_staff;

pub(crate) use self::dashboard::DashboardCache;
pub use self::{audit_log::AUDIT_PAGE, mask_secrets::masked, order::AdminOrder, order_list::CONSOLE_PAGE};
