//! What the merchant looks at: lists, one order with all that belongs to it, figures.

mod audit;
mod differences;
mod export;
mod figures;
mod file;
mod list;
mod mask;
mod refund;

pub(crate) use self::figures::Kept;
pub use self::{
    audit::AUDIT_PAGE,
    differences::DifferenceDetail,
    figures::{DayFigures, Figures, LATENCIES, ToDo},
    file::{Happening, OrderFile},
    list::{CONSOLE_PAGE, ListedOrder, OrderFilter},
    mask::masked,
};
